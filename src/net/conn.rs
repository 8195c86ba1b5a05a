//! THE CONNECTION MACHINE: events in, actions out; no I/O, no clock, no await (wire.md §1, §3, §8).
//!
//! The driver in `link.rs` tells it what happened and when, and does what it says. A dead link is found
//! by a ping that nothing answers; a refused token ends the machine; everything else is tried again.

/// First pause after a failure.
const BACKOFF_MS_MIN: i64 = 1_000;
/// Longest pause of the first [`PATIENT_AFTER`] failures: a server that restarts is found at once.
const BACKOFF_MS_MAX: i64 = 8_000;
/// Failures in a row, about two minutes of them, after which a server is taken to be away for longer.
const PATIENT_AFTER: u32 = 30;
/// Longest pause from then on.
const PATIENT_MS_MAX: i64 = 30_000;
/// No pause is shorter, whatever the jitter.
const PAUSE_MS_MIN: i64 = 300;
/// A link that lived this long starts the back-off anew. After a shorter one it goes on, but from the
/// second pause: cuts are the network's more often than the server's.
const GOOD_LIFE_MS: i64 = 10_000;
/// Opening the socket and its first frame may take this long together.
const DIAL_MS_MAX: i64 = 15_000;
/// Silence before a ping; the server drops a link after 30 s without a frame of ours.
const PING_MS: i64 = 20_000;
/// A ping is answered within this time, or the link is dead.
const PONG_MS_MAX: i64 = 8_000;
/// The same after waking, when a dead link is likely and somebody looks: with the time until a sleep is noticed
/// (`link.rs`) less than ten seconds.
const PROBE_MS_MAX: i64 = 4_000;

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// Begin.
    Start,
    /// The socket could not be opened.
    DialFailed(String),
    /// The first text frame came: the server's answer to the connect.
    Answer {
        /// 0, or why the server refuses.
        code: i32,
        /// Text to it.
        message: String,
    },
    /// Any frame came.
    Frame,
    /// Frame 2002 came.
    Kicked,
    /// The socket closed.
    Closed,
    /// Time has passed.
    Tick,
    /// The network or the page is back, or the machine slept: see at once whether the link lives.
    Wake,
    /// Drop the link and dial anew.
    Reconnect,
    /// The end.
    Close,
}

/// What to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Open a socket; earlier ones do not count any more.
    Dial,
    /// Close the socket and fail what waits for it.
    Drop,
    /// Send a text ping.
    Ping,
    /// Tell that a try begins.
    TellConnecting,
    /// Tell that requests may be sent.
    TellConnected,
    /// Tell that the link is gone.
    TellLost,
    /// Tell that a try failed.
    TellFailed {
        /// 0, or the server's code.
        code: i32,
        /// Text to it.
        message: String,
    },
    /// Tell that the token is refused; nothing follows.
    TellFatal {
        /// The server's code.
        code: i32,
        /// Text to it.
        message: String,
    },
    /// Tell that another login took this one's place; nothing follows.
    TellKicked,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Idle,
    Dialing {
        since: i64,
    },
    Up {
        since: i64,
        heard: i64,
        /// Pinged: without a frame until then the link is dead.
        dead_at: Option<i64>,
    },
    Waiting {
        until: i64,
    },
    Ended,
}

/// The machine.
#[derive(Clone, Debug)]
pub struct Machine {
    state: State,
    failures: u32,
}

impl Default for Machine {
    fn default() -> Self {
        Self {
            state: State::Idle,
            failures: 0,
        }
    }
}

impl Machine {
    /// Whether requests may be sent.
    pub fn is_up(&self) -> bool {
        matches!(self.state, State::Up { .. })
    }

    /// Whether nothing will happen any more.
    pub fn is_ended(&self) -> bool {
        self.state == State::Ended
    }

    /// When to send [`Input::Tick`], Unix milliseconds.
    pub fn deadline(&self) -> Option<i64> {
        match self.state {
            State::Idle | State::Ended => None,
            State::Dialing { since } => Some(since + DIAL_MS_MAX),
            State::Up {
                dead_at: Some(at), ..
            } => Some(at),
            State::Up { heard, .. } => Some(heard + PING_MS),
            State::Waiting { until } => Some(until),
        }
    }

    /// One step. `jitter` is any random number.
    pub fn step(&mut self, input: Input, now: i64, jitter: u64) -> Vec<Action> {
        match (self.state, input) {
            (State::Ended, _) => Vec::new(),
            (_, Input::Close) => {
                self.state = State::Ended;
                vec![Action::Drop]
            }
            (State::Idle, Input::Start) => self.dial(now),
            (State::Idle, _) => Vec::new(),
            (_, Input::Kicked) => {
                self.state = State::Ended;
                vec![Action::Drop, Action::TellKicked]
            }
            (State::Dialing { .. }, input) => self.while_dialing(input, now, jitter),
            (
                State::Up {
                    since,
                    heard,
                    dead_at,
                },
                input,
            ) => self.while_up(input, now, jitter, (since, heard, dead_at)),
            (State::Waiting { until }, Input::Tick) if now >= until => self.dial(now),
            (State::Waiting { .. }, Input::Wake | Input::Reconnect) => {
                self.failures = 0;
                self.dial(now)
            }
            // A clock that was set back must not make the pause longer than it may be.
            (State::Waiting { until }, Input::Tick) if until - now > PATIENT_MS_MAX => {
                self.dial(now)
            }
            (State::Waiting { .. }, _) => Vec::new(),
        }
    }

    fn dial(&mut self, now: i64) -> Vec<Action> {
        self.state = State::Dialing { since: now };
        vec![Action::TellConnecting, Action::Dial]
    }

    fn while_dialing(&mut self, input: Input, now: i64, jitter: u64) -> Vec<Action> {
        let failed = |code, message: &str| Action::TellFailed {
            code,
            message: message.to_owned(),
        };
        match input {
            Input::Answer { code: 0, .. } => {
                self.state = State::Up {
                    since: now,
                    heard: now,
                    dead_at: None,
                };
                vec![Action::TellConnected]
            }
            Input::Answer { code, message } if is_fatal(code) => {
                self.state = State::Ended;
                vec![Action::Drop, Action::TellFatal { code, message }]
            }
            Input::Answer { code, message } => self.fail(failed(code, &message), now, jitter),
            Input::DialFailed(why) => self.fail(failed(0, &why), now, jitter),
            Input::Closed => self.fail(
                failed(0, "the socket closed before the server answered"),
                now,
                jitter,
            ),
            Input::Tick if self.deadline().is_some_and(|at| now >= at) => self.fail(
                failed(0, "the server did not answer the connect in time"),
                now,
                jitter,
            ),
            _ => Vec::new(),
        }
    }

    fn while_up(
        &mut self,
        input: Input,
        now: i64,
        jitter: u64,
        (since, heard, dead_at): (i64, i64, Option<i64>),
    ) -> Vec<Action> {
        match input {
            Input::Frame => {
                self.state = State::Up {
                    since,
                    heard: now,
                    dead_at: None,
                };
                Vec::new()
            }
            // Waking again does not put the end off.
            Input::Wake if dead_at.is_some_and(|at| at <= now + PROBE_MS_MAX) => Vec::new(),
            Input::Wake => self.ping(since, heard, now + PROBE_MS_MAX),
            Input::Tick => match dead_at {
                Some(at) if now >= at => self.redial(now),
                // The clock was set back.
                None if now < heard => self.ping(since, now, now + PONG_MS_MAX),
                None if now >= heard + PING_MS => self.ping(since, heard, now + PONG_MS_MAX),
                _ => Vec::new(),
            },
            Input::Reconnect => self.redial(now),
            Input::Closed => {
                let lived = now - since >= GOOD_LIFE_MS;
                self.failures = if lived { 0 } else { self.failures.min(1) };
                self.wait(vec![Action::Drop, Action::TellLost], now, jitter)
            }
            _ => Vec::new(),
        }
    }

    fn ping(&mut self, since: i64, heard: i64, dead_at: i64) -> Vec<Action> {
        self.state = State::Up {
            since,
            heard,
            dead_at: Some(dead_at),
        };
        vec![Action::Ping]
    }

    fn redial(&mut self, now: i64) -> Vec<Action> {
        let mut actions = vec![Action::Drop, Action::TellLost];
        actions.extend(self.dial(now));
        actions
    }

    fn fail(&mut self, told: Action, now: i64, jitter: u64) -> Vec<Action> {
        self.wait(vec![Action::Drop, told], now, jitter)
    }

    /// Waits before the next try: exponential, capped, with full jitter.
    fn wait(&mut self, actions: Vec<Action>, now: i64, jitter: u64) -> Vec<Action> {
        let most = match self.failures < PATIENT_AFTER {
            true => BACKOFF_MS_MAX,
            false => PATIENT_MS_MAX,
        };
        let limit = (BACKOFF_MS_MIN << self.failures.min(10)).min(most);
        self.failures += 1;
        let pause = PAUSE_MS_MIN + (jitter % (limit - PAUSE_MS_MIN) as u64) as i64;
        self.state = State::Waiting { until: now + pause };
        actions
    }
}

/// Codes after which trying again is useless (wire.md §1.4).
fn is_fatal(code: i32) -> bool {
    (1501..=1507).contains(&code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn up() -> Machine {
        let mut m = Machine::default();
        assert_eq!(
            m.step(Input::Start, 0, 0),
            [Action::TellConnecting, Action::Dial]
        );
        assert_eq!(m.step(answer(0), 5, 0), [Action::TellConnected]);
        m
    }

    fn answer(code: i32) -> Input {
        Input::Answer {
            code,
            message: String::new(),
        }
    }

    #[test]
    fn refused_tokens_end_it_and_other_refusals_do_not() {
        for code in 1501..=1507 {
            let mut m = Machine::default();
            m.step(Input::Start, 0, 0);
            let actions = m.step(answer(code), 1, 0);
            assert!(matches!(
                actions[..],
                [Action::Drop, Action::TellFatal { .. }]
            ));
            assert!(m.is_ended() && m.step(Input::Wake, 2, 0).is_empty());
        }
        let mut m = Machine::default();
        m.step(Input::Start, 0, 0);
        let actions = m.step(answer(1601), 1, 0);
        assert!(matches!(
            actions[..],
            [Action::Drop, Action::TellFailed { code: 1601, .. }]
        ));
        assert!(m.deadline().is_some());
    }

    #[test]
    fn pauses_grow_to_a_limit_and_are_never_tiny() {
        let mut m = Machine::default();
        let mut now = 0;
        m.step(Input::Start, now, 0);
        for n in 0..40 {
            let before = now;
            let most = if n < PATIENT_AFTER {
                BACKOFF_MS_MAX
            } else {
                PATIENT_MS_MAX
            };
            m.step(
                Input::DialFailed(String::new()),
                now,
                u64::MAX - u64::from(n),
            );
            now = m.deadline().unwrap();
            assert!(
                (PAUSE_MS_MIN..=most).contains(&(now - before)),
                "{n}: {}",
                now - before
            );
            assert_eq!(
                m.step(Input::Tick, now, 0),
                [Action::TellConnecting, Action::Dial]
            );
        }
    }

    /// Cut after a second and a half and refused for 0.3 s, again and again, whatever the chance.
    #[test]
    fn a_short_cut_is_over_within_five_seconds_each_time() {
        for jitter in (0..10_000).step_by(7) {
            let (mut m, mut now) = (Machine::default(), 0);
            m.step(Input::Start, now, jitter);
            for _ in 0..7 {
                m.step(answer(0), now, jitter);
                let cut = now + 1_500;
                m.step(Input::Closed, cut, jitter);
                loop {
                    now = m.deadline().unwrap();
                    m.step(Input::Tick, now, jitter);
                    if now >= cut + 300 + PAUSE_MS_MIN {
                        break;
                    }
                    m.step(Input::DialFailed(String::new()), now, jitter);
                }
                assert!(now - cut <= 5_000, "{jitter}: {}", now - cut);
            }
        }
    }

    #[test]
    fn silence_is_pinged_and_no_answer_is_death() {
        let mut m = up();
        let at = m.deadline().unwrap();
        assert_eq!(m.step(Input::Tick, at, 0), [Action::Ping]);
        let mut answered = m.clone();
        assert!(answered.step(Input::Frame, at + 100, 0).is_empty());
        assert_eq!(answered.deadline(), Some(at + 100 + PING_MS));
        let dead = m.deadline().unwrap();
        assert_eq!(
            m.step(Input::Tick, dead, 0),
            [
                Action::Drop,
                Action::TellLost,
                Action::TellConnecting,
                Action::Dial
            ]
        );
    }

    #[test]
    fn waking_probes_a_link_and_cuts_a_pause_short() {
        let mut m = up();
        assert_eq!(m.step(Input::Wake, 10, 0), [Action::Ping]);
        let mut m = up();
        m.step(Input::Closed, 20, 0);
        assert!(!m.is_up());
        assert_eq!(
            m.step(Input::Wake, 21, 0),
            [Action::TellConnecting, Action::Dial]
        );
    }

    #[test]
    fn a_connect_without_answer_is_given_up() {
        let mut m = Machine::default();
        m.step(Input::Start, 0, 0);
        let at = m.deadline().unwrap();
        assert!(matches!(
            m.step(Input::Tick, at, 0)[..],
            [Action::Drop, Action::TellFailed { .. }]
        ));
    }

    #[test]
    fn kick_and_close_are_final() {
        for (input, told) in [(Input::Kicked, 2), (Input::Close, 1)] {
            let mut m = up();
            assert_eq!(m.step(input, 9, 0).len(), told);
            assert!(m.is_ended());
            assert_eq!(m.deadline(), None);
        }
    }
}
