//! When the client looks at the server's newest seqs and lists by itself. Pure (SPEC.md §4).
//!
//! What no push tells has to be asked for: the server may lose a push that nothing follows, and it pushes
//! nothing to a connection that it does not know to be online yet, about a second after the connect. The
//! younger a connection, the more may have been missed; so the pause between two looks is short after a
//! connect and grows with every look.

/// From a connect to the next look. The server reports who is online once a second.
pub const LOOK_MS_MIN: i64 = 1_500;
/// Each pause is so many times the one before.
const GROWTH: i64 = 4;
/// The longest pause, but for [`LOOK_MS_A_CHANNEL`].
pub const LOOK_MS_MAX: i64 = 300_000;
/// What each channel adds to the longest pause: the answer to a look grows with their number.
const LOOK_MS_A_CHANNEL: i64 = 50;
/// From a look that failed to the next, at most.
const RETRY_MS: i64 = 10_000;

/// The schedule. Nothing but a look puts the next one off.
#[derive(Clone, Debug, Default)]
pub struct Looks {
    /// When the next one is owed, Unix milliseconds; `None` while there is no connection.
    due: Option<i64>,
    /// Between the last look and the next, milliseconds.
    pause: i64,
}

impl Looks {
    /// A connection stands, and the first look is under way.
    pub fn connected(&mut self, now: i64) {
        self.pause = LOOK_MS_MIN;
        self.due = Some(now + LOOK_MS_MIN);
    }

    /// There is no connection: the next one begins with a look.
    pub fn lost(&mut self) {
        self.due = None;
    }

    /// Something is known to have been missed.
    pub fn owe(&mut self, now: i64) {
        if self.due.is_some() {
            self.due = Some(now);
        }
    }

    /// A look begins; the number of channels it asks for.
    pub fn begin(&mut self, now: i64, channels: usize) {
        let most = LOOK_MS_MAX + LOOK_MS_A_CHANNEL * channels as i64;
        self.pause = (self.pause * GROWTH).min(most);
        self.due = Some(now + self.pause);
    }

    /// The look was not answered.
    pub fn failed(&mut self, now: i64) {
        if let Some(due) = &mut self.due {
            *due = (*due).min(now + RETRY_MS);
        }
    }

    /// Milliseconds until the next look is due; `None` while none is owed. A clock that was set back makes
    /// it no longer than the pause.
    pub fn due_in(&self, now: i64) -> Option<i64> {
        self.due.map(|due| (due - now).clamp(0, self.pause.max(0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When looks begin after a connect at 0, as far as `end`.
    fn looks(end: i64) -> Vec<i64> {
        let mut looks = Looks::default();
        looks.connected(0);
        let (mut now, mut begun) = (0, vec![0]);
        while now < end {
            now += looks.due_in(now).expect("one is owed");
            looks.begin(now, 0);
            begun.push(now);
        }
        begun
    }

    #[test]
    fn looks_are_close_after_a_connect_and_five_minutes_apart_later() {
        assert_eq!(
            looks(1_000_000),
            [
                0, 1_500, 7_500, 31_500, 127_500, 427_500, 727_500, 1_027_500
            ]
        );
    }

    /// Whatever is stored while a server that is slow to report does not push yet.
    #[test]
    fn what_a_young_connection_misses_is_known_within_its_bound() {
        let looks = looks(200_000);
        for report_at in (100..=120_000).step_by(100) {
            for stored_at in (0..report_at).step_by(50) {
                let next = looks.iter().find(|look| **look > stored_at);
                let late = next.expect("there is a next look") - stored_at;
                let bound = if report_at <= 7_500 {
                    6_000
                } else {
                    4 * report_at
                };
                assert!(late <= bound, "{stored_at} of {report_at}: {late}");
            }
        }
    }

    #[test]
    fn nothing_but_a_look_puts_the_next_one_off() {
        let mut looks = Looks::default();
        assert_eq!(looks.due_in(5), None);
        looks.owe(5);
        assert_eq!(looks.due_in(5), None, "the connect looks anyway");
        looks.connected(10);
        looks.owe(20);
        assert_eq!(looks.due_in(20), Some(0));
        looks.begin(20, 0);
        assert_eq!(looks.due_in(30), Some(5_990));
        looks.failed(30);
        assert_eq!(looks.due_in(30), Some(5_990), "it is soon enough");
        for _ in 0..9 {
            looks.begin(100, 10);
        }
        assert_eq!(looks.due_in(100), Some(300_500));
        assert_eq!(looks.due_in(-9_000_000), Some(300_500), "a clock set back");
        looks.failed(200);
        assert_eq!(looks.due_in(200), Some(10_000));
        looks.lost();
        assert_eq!(looks.due_in(200), None);
    }
}
