"""Practice Leads are the members of their group: people marked as one join it, and its members are marked."""


def up(migrator, db):
    db.execute_sql(
        """INSERT INTO membership (group_id, person_id, role, joined)
           SELECT g.id, p.id, 'member', CURRENT_DATE FROM person p
           JOIN people_group g ON g.id = (SELECT min(id) FROM people_group WHERE kind = 'practice_leads')
           WHERE p.is_practice_lead AND p.active AND p.id NOT IN (
               SELECT m.person_id FROM membership m JOIN people_group h ON h.id = m.group_id
               WHERE h.kind = 'practice_leads' AND m.left_on IS NULL)"""
    )
    db.execute_sql(
        """UPDATE person SET is_practice_lead = (1 = 1) WHERE NOT is_practice_lead AND id IN (
               SELECT m.person_id FROM membership m JOIN people_group h ON h.id = m.group_id
               WHERE h.kind = 'practice_leads' AND m.left_on IS NULL)"""
    )
