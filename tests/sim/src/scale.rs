//! SCALE: what the alignment core costs with a thousand, ten thousand, a hundred thousand conversations
//! of a hundred seqs each. Not a test: the figures are read, and their growth.
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use openim_web::logic::sync::channel::Channel;
use openim_web::logic::sync::planner::{Planner, Rank};
use openim_web::rt::map::Map;
use openim_web::rt::proto::Message as _;
use openim_web::store::MessageRow;

/// Seqs of every conversation.
const SEQS: i64 = 100;
/// Measured so often.
const ROUNDS: usize = 5;
/// Pushes that are timed.
const PUSHES: usize = 2_000;

/// Counts what is allocated.
struct Counting;

static BYTES: AtomicUsize = AtomicUsize::new(0);

// SAFETY: hands everything on to the system's allocator and only counts.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        BYTES.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promises are the system allocator's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        BYTES.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn id(n: usize) -> String {
    format!("si_{n:08}_{:08}", n * 7)
}

fn rank(n: usize) -> Rank {
    Rank {
        class: 3,
        age: -(n as i64 * 7_919 % 100_003),
    }
}

/// Time of a processor that this thread has had: what else the machine does is not in it.
#[cfg(unix)]
fn clock() -> Duration {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the call writes one timespec, to a place of that size.
    let failed = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    assert_eq!(failed, 0, "every unix has this clock");
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

#[cfg(not(unix))]
fn clock() -> Duration {
    static BEGIN: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    BEGIN.get_or_init(std::time::Instant::now).elapsed()
}

/// What one size costs.
struct Cost {
    conversations: usize,
    bytes_each: f64,
    note_all: Duration,
    first_plan: Duration,
    all_plans: Duration,
    requests: usize,
    push: Duration,
}

fn measure(conversations: usize) -> Cost {
    let ids: Vec<String> = (0..conversations).map(id).collect();
    let before = BYTES.load(Ordering::Relaxed);
    let mut states: Vec<Channel> = Vec::with_capacity(conversations);
    for _ in 0..conversations {
        let mut channel = Channel::default();
        channel.align.see_max(SEQS);
        channel.align.covered.insert(1, SEQS);
        channel.align.start_fresh();
        channel.align.read_to(SEQS);
        states.push(channel);
    }
    let bytes = BYTES.load(Ordering::Relaxed) - before;
    let mut channels: Map<String, Channel> = Map::new();
    for (id, channel) in ids.iter().zip(states) {
        channels.insert(id.clone(), channel);
    }

    // After an absence: every conversation has a new message.
    let mut planner = Planner::default();
    for channel in channels.values_mut() {
        channel.align.see_max(SEQS + 1);
    }
    let begin = clock();
    let all = channels.iter().enumerate();
    let all = all.map(|(n, (id, channel))| (id, channel, rank(n)));
    planner.note_many(all.collect(), 1);
    let note_all = clock() - begin;
    let begin = clock();
    let first = planner.plan(&channels, 1);
    let first_plan = clock() - begin;
    let begin = clock();
    let mut requests = usize::from(first.is_some());
    while planner.plan(&channels, 1).is_some() {
        requests += 1;
    }
    let all_plans = clock() - begin;

    // Pushes, each to another conversation, as the SDK takes them but for the disk.
    for channel in channels.values_mut() {
        channel.align.cover(SEQS + 1, true);
        channel.align.tell();
    }
    let mut planner = Planner::default();
    let row = MessageRow {
        seq: SEQS + 2,
        content: "x".repeat(100),
        ..MessageRow::default()
    };
    let begin = clock();
    let mut written = 0;
    for n in 0..PUSHES {
        let at = n * 7_919 % conversations;
        let id = &ids[at];
        let mut channel = channels[id].clone();
        let seq = channel.align.server_max + 1;
        channel.store(seq, true, Some(MessageRow { seq, ..row.clone() }));
        written += channel.tell(1).len() + channel.align.to_row().encode_to_vec().len();
        channels.insert(id.clone(), channel);
        planner.note(id, &channels[id], rank(at), 1);
    }
    let push = (clock() - begin) / PUSHES as u32;
    assert!(written > PUSHES, "every push is told");
    Cost {
        conversations,
        bytes_each: bytes as f64 / conversations as f64,
        note_all,
        first_plan,
        all_plans,
        requests,
        push,
    }
}

/// The least of every figure.
fn best_of(costs: [Cost; ROUNDS]) -> Cost {
    let least = |a: Cost, b: Cost| Cost {
        note_all: a.note_all.min(b.note_all),
        first_plan: a.first_plan.min(b.first_plan),
        all_plans: a.all_plans.min(b.all_plans),
        push: a.push.min(b.push),
        ..a
    };
    let least = costs.into_iter().reduce(least);
    least.expect("there are some")
}

/// Prints the figures.
pub(crate) fn run() -> bool {
    println!("conversations | bytes each | noting all | first request | all requests | one push");
    for conversations in [1_000, 10_000, 100_000] {
        let cost = best_of([(); ROUNDS].map(|()| measure(conversations)));
        println!(
            "{:>13} | {:>10.1} | {:>7.2} ms | {:>10.1} µs | {:>7.2} ms ({}) | {:>5.2} µs",
            cost.conversations,
            cost.bytes_each,
            cost.note_all.as_secs_f64() * 1e3,
            cost.first_plan.as_secs_f64() * 1e6,
            cost.all_plans.as_secs_f64() * 1e3,
            cost.requests,
            cost.push.as_secs_f64() * 1e6,
        );
    }
    true
}
