"""Enrolment statuses and the bookable states of events, for look-ups, which must not pay for importing enums.

The numbers are those of Moodle's face-to-face module and Totara Seminar, so that data can be exchanged.
`db.records.booking.Status` is built on them; a test compares the two.
"""

CANCELLED = 10
TRANSFERRED = 12
SUBSTITUTED = 13
EXPIRED = 15
EVENT_CANCELLED = 20
DECLINED = 30
REQUESTED = 40
WAITLISTED = 60
OFFERED = 65
BOOKED = 70
NO_SHOW = 80
UNABLE_TO_ATTEND = 85
PARTIALLY_ATTENDED = 90
FULLY_ATTENDED = 100

STATUS_WORDS = {
    CANCELLED: "cancelled",
    TRANSFERRED: "transferred",
    SUBSTITUTED: "substituted",
    EXPIRED: "expired",
    EVENT_CANCELLED: "event_cancelled",
    DECLINED: "declined",
    REQUESTED: "requested",
    WAITLISTED: "waitlisted",
    OFFERED: "offered",
    BOOKED: "booked",
    NO_SHOW: "no_show",
    UNABLE_TO_ATTEND: "unable_to_attend",
    PARTIALLY_ATTENDED: "partially_attended",
    FULLY_ATTENDED: "fully_attended",
}

BOOKABLE_STATES = ("open", "tentative", "confirmed")
"""The states of an event in which people can be put on it; `EventState.bookable` and the SQL of lists go by them."""

LOWEST_LIVE = REQUESTED
"""The lowest live status: a person has at most one enrolment of this or a higher status on an event."""
