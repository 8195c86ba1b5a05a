//! EXPLORATION: every state that small worlds can reach, with the alignment core that the SDK runs
//! (SPEC.md §5). Own breadth-first search and not a library's: the core's states are compared by a
//! canonical form without absolute times, and a state needs one hash of memory.
use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::hash::{Hash, Hasher};

use openim_web::logic::sync::channel::Channel;
use openim_web::logic::sync::planner::{Plan, Planner, Rank};
use openim_web::logic::sync::seq::{Alignment, PLACEHOLDER_DELAYS_MS, Take};
use openim_web::rt::map::Map;
use openim_web::store::MessageRow;
use openim_web::store::rows::AlignmentRow;

/// A hash of 128 bits, so that two states do not share one by chance.
#[derive(Default)]
struct Mix(u128);

impl Mix {
    fn add(&mut self, value: u64) {
        const FACTOR: u128 = 0xDA94_2042_E4DD_58B5_5851_F42D_4C95_7F2D;
        self.0 = (self.0 ^ u128::from(value) ^ (self.0 >> 67))
            .wrapping_mul(FACTOR)
            .wrapping_add(1);
    }
}

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        (self.0 >> 64) as u64
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.add(u64::from_le_bytes(word));
        }
    }

    fn write_u8(&mut self, value: u8) {
        self.add(u64::from(value));
    }

    fn write_usize(&mut self, value: usize) {
        self.add(value as u64);
    }

    fn write_i64(&mut self, value: i64) {
        self.add(value as u64);
    }
}

/// What a world may do, and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Bounds {
    /// Name for the report.
    pub(crate) name: &'static str,
    /// Seqs that each conversation may get.
    pub(crate) seqs: [usize; 2],
    /// Seqs that the server gives and never fills.
    pub(crate) holes: u8,
    /// Seqs that can be seen some time after they were given.
    pub(crate) late: u8,
    /// Pushes lost.
    pub(crate) drops: u8,
    /// Pushes delivered once more.
    pub(crate) doubles: u8,
    /// Pulls that fail or leave a channel out.
    pub(crate) failures: u8,
    /// Pages that die and begin anew from the disk.
    pub(crate) crashes: u8,
    /// Transactions that a crash may take back.
    pub(crate) vanishing: usize,
    /// A second engine that takes over while the first lives on.
    pub(crate) takeovers: u8,
    /// Times that the user clears a conversation.
    pub(crate) clears: u8,
}

/// The worlds that the tests explore.
pub(crate) const WORLDS: [Bounds; 7] = [
    Bounds {
        name: "two conversations",
        seqs: [2, 2],
        drops: 1,
        doubles: 1,
        failures: 1,
        ..NOTHING
    },
    Bounds {
        name: "two conversations, crashes",
        seqs: [2, 2],
        drops: 1,
        failures: 1,
        crashes: 1,
        vanishing: 1,
        ..NOTHING
    },
    Bounds {
        name: "transactions vanish",
        seqs: [2, 2],
        drops: 1,
        crashes: 1,
        vanishing: 2,
        ..NOTHING
    },
    Bounds {
        name: "four seqs",
        seqs: [4, 0],
        drops: 1,
        doubles: 1,
        failures: 1,
        crashes: 1,
        vanishing: 1,
        ..NOTHING
    },
    Bounds {
        name: "late ones and holes",
        seqs: [3, 0],
        late: 1,
        holes: 1,
        drops: 1,
        failures: 1,
        ..NOTHING
    },
    Bounds {
        name: "two engines",
        seqs: [2, 1],
        drops: 1,
        doubles: 1,
        failures: 1,
        takeovers: 1,
        ..NOTHING
    },
    Bounds {
        name: "clearing",
        seqs: [3, 1],
        drops: 1,
        doubles: 1,
        crashes: 1,
        clears: 1,
        ..NOTHING
    },
];

/// Smaller ones, for a quick look: the native tests.
#[allow(dead_code, reason = "the program explores the larger ones")]
pub(crate) const SMALL_WORLDS: [Bounds; 6] = [
    Bounds {
        name: "two conversations",
        seqs: [2, 1],
        drops: 1,
        failures: 1,
        ..NOTHING
    },
    Bounds {
        name: "crashes",
        seqs: [2, 0],
        drops: 1,
        doubles: 1,
        crashes: 1,
        vanishing: 1,
        ..NOTHING
    },
    Bounds {
        name: "three seqs",
        seqs: [3, 0],
        drops: 1,
        doubles: 1,
        failures: 1,
        ..NOTHING
    },
    Bounds {
        name: "late ones and holes",
        seqs: [2, 0],
        late: 1,
        holes: 1,
        drops: 1,
        failures: 1,
        crashes: 1,
        ..NOTHING
    },
    Bounds {
        name: "two engines",
        seqs: [2, 0],
        drops: 1,
        takeovers: 1,
        ..NOTHING
    },
    Bounds {
        name: "clearing",
        seqs: [2, 0],
        drops: 1,
        doubles: 1,
        crashes: 1,
        clears: 1,
        ..NOTHING
    },
];

const NOTHING: Bounds = Bounds {
    name: "",
    seqs: [0, 0],
    holes: 0,
    late: 0,
    drops: 0,
    doubles: 0,
    failures: 0,
    crashes: 0,
    vanishing: 0,
    takeovers: 0,
    clears: 0,
};

/// Of so many states one is led to its end without faults: the others lead to the same ends.
const SETTLED_OF: u128 = 8;

const IDS: [&str; 2] = ["si_a_b", "sg_g"];

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Slot {
    /// It has its number, and cannot be seen yet.
    Allocated,
    Message,
    Hole,
}

/// What a seq is answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Seen {
    Placeholder,
    Message,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Server {
    logs: [Vec<Slot>; 2],
    /// Nothing below is visible.
    minima: [i64; 2],
}

/// What is on disk of a conversation.
#[derive(Clone, Debug, Default, PartialEq)]
struct Disk {
    epoch: u8,
    rows: [AlignmentRow; 2],
    /// Messages held, as bits by seq.
    held: [u16; 2],
}

#[derive(Clone)]
struct Engine {
    epoch: u8,
    channels: Map<String, Channel>,
    planner: Planner,
    /// Answers on their way.
    answers: Vec<Answer>,
    /// Seqs told as new, as bits.
    told: [u16; 2],
    /// The last one told, and whether the order may be broken below it.
    last_told: [i64; 2],
    released: [i64; 2],
    /// What was on disk when the page began: not news.
    past: [i64; 2],
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Answer {
    plan: Plan,
    seen: Vec<(usize, i64, Seen)>,
}

#[derive(Clone)]
struct World {
    left: Bounds,
    now: i64,
    server: Server,
    /// Pushes on their way: conversation and seq.
    pushes: Vec<(usize, i64)>,
    disks: VecDeque<Disk>,
    engines: Vec<Engine>,
}

/// A rule that does not hold, and how that came about.
pub(crate) struct Broken {
    /// What is wrong.
    pub(crate) rule: String,
    /// The steps that led to it.
    pub(crate) steps: Vec<String>,
}

impl fmt::Debug for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n  {}", self.rule, self.steps.join("\n  "))
    }
}

/// What an exploration saw.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Count {
    /// Different states.
    pub(crate) states: usize,
    /// Steps between them.
    pub(crate) steps: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Give(usize, Slot),
    Settle(usize, i64),
    Deliver(usize, Fate),
    Heads(usize),
    Ask(usize),
    Answer(usize, usize, Outcome),
    Time(usize),
    Crash(usize),
    TakeOver,
    Clear(usize, usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Once,
    Twice,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Full,
    /// One channel is left out.
    Without(usize),
    Failed,
}

type Checked<T = ()> = Result<T, String>;

fn ensure(holds: bool, rule: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { Err(rule()) }
}

impl Engine {
    fn start(disk: &Disk, now: i64) -> Self {
        let mut engine = Self {
            epoch: disk.epoch,
            channels: Map::new(),
            planner: Planner::default(),
            answers: Vec::new(),
            told: [0; 2],
            last_told: [0; 2],
            released: [0; 2],
            past: [0; 2],
        };
        for (at, id) in IDS.iter().enumerate() {
            let mut channel = Channel::default();
            channel.align = Alignment::from_row(&disk.rows[at]);
            engine.past[at] = channel.align.past;
            engine.channels.insert((*id).to_owned(), channel);
        }
        engine.note_all(now);
        engine
    }

    fn note_all(&mut self, now: i64) {
        for id in IDS {
            if let Some(channel) = self.channels.get(id) {
                self.planner.note(id, channel, Rank::default(), now);
            }
        }
    }

    fn channel(&self, at: usize) -> &Channel {
        self.channels.get(IDS[at]).expect("both are there")
    }
}

impl World {
    fn new(bounds: Bounds) -> Self {
        let disk = Disk::default();
        Self {
            left: bounds,
            now: 1_000,
            server: Server::default(),
            pushes: Vec::new(),
            engines: vec![Engine::start(&disk, 1_000)],
            disks: VecDeque::from([disk]),
        }
    }

    fn disk(&self) -> &Disk {
        self.disks.back().expect("there is one")
    }

    fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        for at in 0..IDS.len() {
            let log = &self.server.logs[at];
            if log.len() < self.left.seqs[at] {
                steps.push(Step::Give(at, Slot::Message));
                if self.left.holes > 0 {
                    steps.push(Step::Give(at, Slot::Hole));
                }
                if self.left.late > 0 {
                    steps.push(Step::Give(at, Slot::Allocated));
                }
            }
            for (index, slot) in log.iter().enumerate() {
                if *slot == Slot::Allocated {
                    steps.push(Step::Settle(at, index as i64 + 1));
                }
            }
        }
        for index in 0..self.pushes.len() {
            if self.pushes[..index].contains(&self.pushes[index]) {
                continue;
            }
            steps.push(Step::Deliver(index, Fate::Once));
            if self.left.doubles > 0 {
                steps.push(Step::Deliver(index, Fate::Twice));
            }
            if self.left.drops > 0 {
                steps.push(Step::Deliver(index, Fate::Never));
            }
        }
        for (number, engine) in self.engines.iter().enumerate() {
            if self.is_behind(engine) {
                steps.push(Step::Heads(number));
            }
            let mut planner = engine.planner.clone();
            if engine.answers.len() < 2 && planner.plan(&engine.channels, self.now).is_some() {
                steps.push(Step::Ask(number));
            }
            for (index, answer) in engine.answers.iter().enumerate() {
                steps.push(Step::Answer(number, index, Outcome::Full));
                if self.left.failures > 0 {
                    steps.push(Step::Answer(number, index, Outcome::Failed));
                    if answer.plan.len() > 1 {
                        steps.extend(
                            [0, 1].map(|at| Step::Answer(number, index, Outcome::Without(at))),
                        );
                    }
                }
            }
            if engine.planner.next_due().is_some() && !self.must_settle(engine) {
                steps.push(Step::Time(number));
            }
            if self.left.clears > 0 {
                let known = |at: &usize| engine.channel(*at).align.last() > 0;
                steps.extend(
                    [0, 1]
                        .into_iter()
                        .filter(known)
                        .map(|at| Step::Clear(number, at)),
                );
            }
        }
        if self.left.crashes > 0 {
            steps.extend((0..self.disks.len()).map(Step::Crash));
        }
        if self.left.takeovers > 0 && self.engines.len() == 1 {
            steps.push(Step::TakeOver);
        }
        steps
    }

    /// What is late comes before a hole is confirmed: that is twelve minutes (SPEC.md §2).
    fn must_settle(&self, engine: &Engine) -> bool {
        let last_question = PLACEHOLDER_DELAYS_MS.len();
        (0..2).any(|at| {
            let mut asked = engine.channel(at).align.provisional().iter();
            asked.any(|p| {
                p.asked == last_question
                    && self.server.logs[at][p.seq as usize - 1] == Slot::Allocated
            })
        })
    }

    /// Whether the server has seqs that the engine has not heard of.
    fn is_behind(&self, engine: &Engine) -> bool {
        (0..2).any(|at| {
            let align = &engine.channel(at).align;
            let server = (self.server.logs[at].len() as i64, self.server.minima[at]);
            align.server_max < server.0 || align.min_seq < server.1
        })
    }

    fn apply(&mut self, step: Step) -> Checked {
        match step {
            Step::Give(at, slot) => {
                self.server.logs[at].push(slot);
                match slot {
                    Slot::Message => self.pushes.push((at, self.server.logs[at].len() as i64)),
                    Slot::Hole => self.left.holes -= 1,
                    Slot::Allocated => self.left.late -= 1,
                }
            }
            Step::Settle(at, seq) => {
                self.server.logs[at][seq as usize - 1] = Slot::Message;
                self.pushes.push((at, seq));
            }
            Step::Deliver(index, fate) => return self.deliver(index, fate),
            Step::Heads(number) => {
                let maxima = [0, 1].map(|at| self.server.logs[at].len() as i64);
                // With them come the conversations' settings.
                let minima = self.server.minima;
                return self.commit(number, |engine, _, _| {
                    for (at, id) in IDS.iter().enumerate() {
                        let channel = engine.channels.get_mut(*id).expect("both are there");
                        channel.align.raise_min(minima[at]);
                        channel.align.see_max(maxima[at]);
                    }
                    Ok(())
                });
            }
            Step::Ask(number) => self.ask(number),
            Step::Answer(number, index, outcome) => return self.answer(number, index, outcome),
            Step::Time(number) => return self.let_time_pass(number),
            Step::Crash(kept) => {
                self.left.crashes -= 1;
                self.disks.truncate(kept + 1);
                let disk = self.disk().clone();
                self.engines = vec![Engine::start(&disk, self.now)];
            }
            Step::TakeOver => {
                self.left.takeovers -= 1;
                let mut disk = self.disk().clone();
                disk.epoch += 1;
                self.engines.push(Engine::start(&disk, self.now));
                self.keep(disk);
            }
            Step::Clear(number, at) => {
                self.left.clears -= 1;
                self.server.minima[at] = self.server.logs[at].len() as i64 + 1;
                return self.commit(number, |engine, disk, _| {
                    let channel = engine.channels.get_mut(IDS[at]).expect("both are there");
                    let last = channel.align.last();
                    channel.clear(channel.align.last());
                    disk.held[at] &= !((2_u16 << last) - 1);
                    Ok(())
                });
            }
        }
        Ok(())
    }

    fn keep(&mut self, disk: Disk) {
        self.disks.push_back(disk);
        while self.disks.len() > self.left.vanishing + 1 {
            self.disks.pop_front();
        }
    }

    /// What the SDK's commit does: rows and alignment in one transaction, which an engine that was
    /// fenced off does not get; then memory, then the events.
    fn commit(
        &mut self,
        number: usize,
        change: impl FnOnce(&mut Engine, &mut Disk, i64) -> Checked,
    ) -> Checked {
        let mut disk = self.disk().clone();
        let mut engine = self.engines[number].clone();
        if engine.epoch < disk.epoch {
            // Fenced off: the transaction is refused, the engine stops.
            self.engines.remove(number);
            return Ok(());
        }
        change(&mut engine, &mut disk, self.now)?;
        for at in 0..IDS.len() {
            disk.rows[at] = engine.channel(at).align.to_row();
        }
        if disk != *self.disk() {
            self.keep(disk);
        }
        engine.note_all(self.now);
        self.engines[number] = engine;
        Ok(())
    }

    fn deliver(&mut self, index: usize, fate: Fate) -> Checked {
        let (at, seq) = match fate {
            Fate::Twice => {
                self.left.doubles -= 1;
                self.pushes[index]
            }
            _ => self.pushes.remove(index),
        };
        if fate == Fate::Never {
            self.left.drops -= 1;
            return Ok(());
        }
        // Both engines hear it, the one that leads no more too.
        for number in (0..self.engines.len()).rev() {
            self.commit(number, |engine, disk, now| {
                take(engine, disk, at, &[(seq, Seen::Message)], now)
            })?;
        }
        Ok(())
    }

    fn ask(&mut self, number: usize) {
        let now = self.now;
        let engine = &mut self.engines[number];
        let Some(plan) = engine.planner.plan(&engine.channels, now) else {
            return;
        };
        let mut seen = Vec::new();
        for (id, first, last) in &plan {
            let at = IDS
                .iter()
                .position(|known| known == id)
                .expect("one of both");
            let log = &self.server.logs[at];
            let from = (*first).max(self.server.minima[at]).max(1);
            for seq in from..=(*last).min(log.len() as i64) {
                let slot = match log[seq as usize - 1] {
                    Slot::Message => Seen::Message,
                    _ => Seen::Placeholder,
                };
                seen.push((at, seq, slot));
            }
        }
        engine.answers.push(Answer { plan, seen });
    }

    fn answer(&mut self, number: usize, index: usize, outcome: Outcome) -> Checked {
        let answer = self.engines[number].answers.remove(index);
        if outcome != Outcome::Full {
            self.left.failures -= 1;
        }
        let left_out = match outcome {
            Outcome::Without(at) => Some(at),
            _ => None,
        };
        let before = self.engines.len();
        self.commit(number, |engine, disk, now| {
            for (at, id) in IDS.iter().enumerate() {
                let seqs = answer.seen.iter().filter(|(of, ..)| *of == at);
                let seqs: Vec<(i64, Seen)> = seqs.map(|(_, seq, seen)| (*seq, *seen)).collect();
                if outcome == Outcome::Failed || left_out == Some(at) {
                    continue;
                }
                // An answer that begins later than asked tells where the visible part begins.
                let asked = answer.plan.iter().find(|(of, ..)| of == id);
                if let (Some((_, low, _)), Some((first, _))) = (asked, seqs.first())
                    && first > low
                {
                    let channel = engine.channels.get_mut(*id).expect("both are there");
                    channel.align.raise_min(*first);
                }
                take(engine, disk, at, &seqs, now)?;
            }
            Ok(())
        })?;
        if self.engines.len() < before {
            return Ok(());
        }
        let now = self.now;
        let engine = &mut self.engines[number];
        for (id, first, last) in &answer.plan {
            let channel = engine.channels.get(id.as_str()).expect("both are there");
            let open = channel.align.askable(*first, *last, now).count();
            let progressed = outcome != Outcome::Failed && open < last - first + 1;
            engine.planner.landed(id, progressed, now, 0);
        }
        engine.note_all(now);
        Ok(())
    }

    /// Time goes on to what an engine waits for.
    fn let_time_pass(&mut self, number: usize) -> Checked {
        let due = self.engines[number].planner.next_due().unwrap_or(self.now);
        self.now = self.now.max(due);
        self.engines[number].note_all(self.now);
        let late = self.engines[number].planner.to_release(self.now);
        if late.is_empty() {
            return Ok(());
        }
        self.commit(number, |engine, disk, _| {
            for (at, id) in IDS.iter().enumerate() {
                if late.iter().any(|of| of == id) {
                    let rows = engine
                        .channels
                        .get_mut(*id)
                        .expect("both are there")
                        .release();
                    engine.released[at] = rows.iter().map(|row| row.seq).max().unwrap_or(0);
                    tell(engine, disk, at, &rows)?;
                }
            }
            Ok(())
        })
    }

    /// The rules that hold in every state (SPEC.md §3).
    fn check(&self) -> Checked {
        let disk = self.disk();
        for (at, id) in IDS.iter().enumerate() {
            let align = Alignment::from_row(&disk.rows[at]);
            let log = &self.server.logs[at];
            for seq in 1..=log.len() as i64 {
                let held = disk.held[at] >> seq & 1 == 1;
                let covered = align.covered.contains(seq);
                let is_hole = covered && align.take(seq) != Take::Pass;
                let visible = seq >= align.first();
                ensure(!held || covered || !visible, || {
                    format!("I1: {} {seq} is held and counts as missing", id)
                })?;
                ensure(!covered || held || is_hole || !visible, || {
                    format!("I1: {} {seq} is covered and not held", id)
                })?;
                ensure(!held || log[seq as usize - 1] == Slot::Message, || {
                    format!(
                        "I2: {} {seq} is held and the server has no such message",
                        id
                    )
                })?;
            }
            ensure(align.server_max <= log.len() as i64, || {
                format!("I2: {} has seqs beyond the server's", id)
            })?;
            let counted = (align.first()..=align.last()).filter(|seq| {
                let held = disk.held[at] >> seq & 1 == 1;
                held || !align.covered.contains(*seq)
            });
            ensure(align.unread() == counted.count() as i64, || {
                format!("I7: {} has {} unread", id, align.unread())
            })?;
        }
        for engine in &self.engines {
            if engine.epoch == disk.epoch {
                for (at, id) in IDS.iter().enumerate() {
                    ensure(engine.channel(at).align.to_row() == disk.rows[at], || {
                        format!("I3: memory and disk differ in {}", id)
                    })?;
                }
            }
        }
        Ok(())
    }

    /// What is the same in all that matters: times count from now on.
    fn key(&self) -> u128 {
        let hasher = &mut Mix::default();
        self.left.hash(hasher);
        self.server.hash(hasher);
        let mut pushes = self.pushes.clone();
        pushes.sort_unstable();
        pushes.hash(hasher);
        for disk in &self.disks {
            (disk.epoch, disk.held).hash(hasher);
            disk.rows
                .iter()
                .for_each(|row| hash_row(row, self.now, hasher));
        }
        for engine in &self.engines {
            (engine.epoch, engine.told, engine.last_told, engine.released).hash(hasher);
            engine.answers.hash(hasher);
            engine
                .planner
                .next_due()
                .map(|at| at - self.now)
                .hash(hasher);
            for (at, id) in IDS.iter().enumerate() {
                let channel = engine.channel(at);
                hash_row(&channel.align.to_row(), self.now, hasher);
                (
                    channel.align.told,
                    channel.align.past,
                    channel.align.eager_from,
                )
                    .hash(hasher);
                channel.release_at().map(|at| at - self.now).hash(hasher);
                channel.waiting().for_each(|seq| seq.hash(hasher));
                let retry = engine.planner.waits(id);
                retry.map(|at| at - self.now).hash(hasher);
            }
        }
        hasher.0
    }

    /// The faults stop: everything that is under way ends, and then nothing may be missing (I8).
    fn settle(&self) -> Checked {
        let mut world = self.clone();
        // The one that does not lead any more hears of it and stops.
        world
            .engines
            .retain(|engine| engine.epoch == self.disk().epoch);
        while let Some(step) = world
            .steps()
            .into_iter()
            .find(|step| matches!(step, Step::Settle(..)))
        {
            world.apply(step)?;
        }
        let mut steps = 0;
        loop {
            let next = if !world.engines[0].answers.is_empty() {
                Step::Answer(0, 0, Outcome::Full)
            } else if !world.pushes.is_empty() {
                Step::Deliver(0, Fate::Once)
            } else if world.is_behind(&world.engines[0]) {
                Step::Heads(0)
            } else if world.steps().contains(&Step::Ask(0)) {
                Step::Ask(0)
            } else if world.engines[0].planner.next_due().is_some() {
                Step::Time(0)
            } else {
                break;
            };
            world.apply(next)?;
            world.check()?;
            steps += 1;
            ensure(steps < 200, || "I8: it never comes to rest".into())?;
        }
        for (at, id) in IDS.iter().enumerate() {
            let align = &world.engines[0].channel(at).align;
            let log = &world.server.logs[at];
            for (index, slot) in log.iter().enumerate() {
                let seq = index as i64 + 1;
                if seq < align.first() || *slot == Slot::Hole {
                    continue;
                }
                let held = world.disk().held[at] >> seq & 1 == 1;
                ensure(held, || format!("I8: {} {seq} never comes", id))?;
                let told = world.engines[0].told[at] >> seq & 1 == 1;
                let is_news = seq > world.engines[0].past[at];
                ensure(told || !is_news, || {
                    format!("I5: {} {seq} is never told", id)
                })?;
            }
        }
        Ok(())
    }
}

fn hash_row(row: &AlignmentRow, now: i64, hasher: &mut Mix) {
    (&row.covered, &row.holes, &row.uncounted).hash(hasher);
    (
        row.server_max,
        row.min_seq,
        row.has_read_seq,
        row.frozen_max,
    )
        .hash(hasher);
    for p in row.provisional.chunks_exact(3) {
        (p[0], p[1], p[2] - now).hash(hasher);
    }
}

/// What the SDK does with messages of a channel: `src/logic/message/receive.rs`.
fn take(
    engine: &mut Engine,
    disk: &mut Disk,
    at: usize,
    seqs: &[(i64, Seen)],
    now: i64,
) -> Checked {
    let channel = engine.channels.get_mut(IDS[at]).expect("both are there");
    for &(seq, seen) in seqs {
        if seen == Seen::Placeholder {
            channel.align.placeholder(seq, now);
        } else if channel.align.take(seq) != Take::Pass {
            ensure(disk.held[at] >> seq & 1 == 0, || {
                format!("I4: {} {seq} is stored twice", IDS[at])
            })?;
            disk.held[at] |= 1 << seq;
            let row = MessageRow {
                seq,
                ..Default::default()
            };
            channel.store(seq, true, Some(row));
        }
    }
    let rows = channel.tell(now);
    tell(engine, disk, at, &rows)
}

fn tell(engine: &mut Engine, disk: &Disk, at: usize, rows: &[MessageRow]) -> Checked {
    for row in rows {
        let (seq, bit) = (row.seq, 1_u16 << row.seq);
        ensure(disk.held[at] & bit != 0, || {
            format!("I3: {} {seq} is told and not stored", IDS[at])
        })?;
        ensure(engine.told[at] & bit == 0, || {
            format!("I4: {} {seq} is told twice", IDS[at])
        })?;
        let in_order = seq > engine.last_told[at] || seq < engine.released[at];
        ensure(in_order, || {
            format!("I5: {} {seq} is told behind a later one", IDS[at])
        })?;
        engine.told[at] |= bit;
        engine.last_told[at] = engine.last_told[at].max(seq);
    }
    Ok(())
}

/// Visits every state of a world.
pub(crate) fn explore(bounds: Bounds) -> Result<Count, Broken> {
    let mut seen = HashSet::new();
    // For the way to a state: where it came from and by which step.
    let mut ways: Vec<(usize, Option<Step>)> = vec![(0, None)];
    let world = World::new(bounds);
    let mut frontier = VecDeque::from([(0_usize, world.key(), world)]);
    let mut count = Count::default();
    seen.insert(frontier[0].1);
    while let Some((from, key, world)) = frontier.pop_front() {
        count.states += 1;
        let broken = |rule: String, last: Option<Step>, ways: &[(usize, Option<Step>)]| {
            let mut steps: Vec<String> = last.map(|step| format!("{step:?}")).into_iter().collect();
            let mut at = from;
            while let (before, Some(step)) = &ways[at] {
                steps.push(format!("{step:?}"));
                at = *before;
            }
            steps.reverse();
            Broken { rule, steps }
        };
        if key % SETTLED_OF == 0
            && let Err(rule) = world.settle()
        {
            return Err(broken(
                format!("{rule} once the faults have stopped"),
                None,
                &ways,
            ));
        }
        for step in world.steps() {
            let mut next = world.clone();
            count.steps += 1;
            let checked = next.apply(step).and_then(|()| next.check());
            if let Err(rule) = checked {
                return Err(broken(rule, Some(step), &ways));
            }
            if next.engines.is_empty() {
                continue;
            }
            let key = next.key();
            if seen.insert(key) {
                ways.push((from, Some(step)));
                frontier.push_back((ways.len() - 1, key, next));
            }
        }
    }
    Ok(count)
}

/// Explores worlds; prints what they are and how large.
pub(crate) fn run(worlds: &[Bounds]) -> bool {
    let mut failed = 0;
    let mut states = 0;
    for &bounds in worlds {
        let begin = std::time::Instant::now();
        match explore(bounds) {
            Ok(count) => {
                states += count.states;
                let seconds = begin.elapsed().as_secs_f32();
                let Count { states, steps } = count;
                println!(
                    "ok   {}: {states} states, {steps} steps ({seconds:.1} s)",
                    bounds.name
                );
            }
            Err(broken) => {
                failed += 1;
                println!("FAIL {}: {broken:?}", bounds.name);
            }
        }
    }
    println!("{states} states in all");
    println!("{} passed, {failed} failed", worlds.len() - failed);
    failed == 0
}
