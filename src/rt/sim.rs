//! A runtime of its own time: a virtual clock that jumps to the next timer when nothing else can run,
//! seeded randomness, one thread. The same seed gives the same run.
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use futures_util::future::{FutureExt, LocalBoxFuture};

use super::{Level, Runtime};

/// When virtual time begins, Unix milliseconds.
pub const EPOCH_MS: i64 = 1_800_000_000_000;

/// The runtime; hand it on as `Rc<dyn Runtime>`.
pub struct SimRuntime {
    now: Cell<i64>,
    random: Cell<u64>,
    tasks: RefCell<BTreeMap<u64, LocalBoxFuture<'static, ()>>>,
    next_task: Cell<u64>,
    next_timer: Cell<u64>,
    timers: Rc<RefCell<BTreeMap<(i64, u64), Waker>>>,
    ready: Arc<Mutex<VecDeque<u64>>>,
    log: RefCell<Vec<String>>,
}

/// Number of the future given to [`SimRuntime::block_on`].
const MAIN: u64 = 0;

struct TaskWaker {
    task: u64,
    ready: Arc<Mutex<VecDeque<u64>>>,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        let mut ready = self.ready.lock().expect("one thread");
        if !ready.contains(&self.task) {
            ready.push_back(self.task);
        }
    }
}

struct Sleep {
    at: i64,
    number: u64,
    now: Rc<dyn Fn() -> i64>,
    timers: Rc<RefCell<BTreeMap<(i64, u64), Waker>>>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let key = (self.at, self.number);
        if (self.now)() >= self.at {
            self.timers.borrow_mut().remove(&key);
            return Poll::Ready(());
        }
        self.timers.borrow_mut().insert(key, cx.waker().clone());
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        self.timers.borrow_mut().remove(&(self.at, self.number));
    }
}

thread_local! {
    static NOW: Cell<i64> = const { Cell::new(EPOCH_MS) };
}

impl SimRuntime {
    /// A runtime at [`EPOCH_MS`]. One at a time in a thread.
    pub fn new(seed: u64) -> Rc<Self> {
        NOW.set(EPOCH_MS);
        Rc::new(Self {
            now: Cell::new(EPOCH_MS),
            random: Cell::new(seed.wrapping_mul(2).wrapping_add(1)),
            tasks: RefCell::default(),
            next_task: Cell::new(MAIN + 1),
            next_timer: Cell::new(0),
            timers: Rc::default(),
            ready: Arc::default(),
            log: RefCell::default(),
        })
    }

    /// Runs `future` and all tasks until it ends. Panics if nothing can ever wake it.
    pub fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        futures_util::pin_mut!(future);
        let waker = self.waker(MAIN);
        let mut cx = Context::from_waker(&waker);
        waker.wake_by_ref();
        loop {
            let next = self.ready.lock().expect("one thread").pop_front();
            match next {
                Some(MAIN) => {
                    if let Poll::Ready(value) = future.as_mut().poll(&mut cx) {
                        return value;
                    }
                }
                Some(task) => self.poll_task(task),
                None => assert!(
                    self.advance(),
                    "nothing can wake the future: {:?}",
                    self.log()
                ),
            }
        }
    }

    /// Lets `ms` virtual milliseconds pass.
    pub fn run_for(&self, ms: u32) {
        self.block_on(self.sleep(ms));
    }

    /// Ends everything that still runs, and frees it: tasks hold what holds the runtime.
    pub fn end(&self) {
        let tasks = self.tasks.take();
        drop(tasks);
        self.timers.take();
    }

    /// Lines logged so far.
    pub fn log(&self) -> Vec<String> {
        self.log.borrow().clone()
    }

    /// Moves the wall clock, as a user or a sleeping machine does.
    pub fn jump(&self, ms: i64) {
        self.set_now(self.now.get() + ms);
    }

    fn set_now(&self, now: i64) {
        self.now.set(now);
        NOW.set(now);
    }

    fn waker(&self, task: u64) -> Waker {
        Waker::from(Arc::new(TaskWaker {
            task,
            ready: self.ready.clone(),
        }))
    }

    fn poll_task(&self, task: u64) {
        let Some(mut future) = self.tasks.borrow_mut().remove(&task) else {
            return;
        };
        let waker = self.waker(task);
        if future
            .poll_unpin(&mut Context::from_waker(&waker))
            .is_pending()
        {
            self.tasks.borrow_mut().insert(task, future);
        }
    }

    /// Goes on to the next timer; false if there is none.
    fn advance(&self) -> bool {
        let next = self.timers.borrow_mut().pop_first();
        let Some(((at, _), waker)) = next else {
            return false;
        };
        self.set_now(self.now.get().max(at));
        waker.wake();
        true
    }
}

impl Runtime for SimRuntime {
    fn now_ms(&self) -> i64 {
        self.now.get()
    }

    fn sleep(&self, ms: u32) -> LocalBoxFuture<'static, ()> {
        let number = self.next_timer.get();
        self.next_timer.set(number + 1);
        let sleep = Sleep {
            at: self.now.get() + i64::from(ms),
            number,
            now: Rc::new(|| NOW.get()),
            timers: self.timers.clone(),
        };
        sleep.boxed_local()
    }

    fn spawn(&self, task: LocalBoxFuture<'static, ()>) {
        let number = self.next_task.get();
        self.next_task.set(number + 1);
        self.tasks.borrow_mut().insert(number, task);
        self.ready.lock().expect("one thread").push_back(number);
    }

    fn random(&self) -> u64 {
        // splitmix64
        let state = self.random.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
        self.random.set(state);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn log(&self, level: Level, text: &str) {
        if level <= Level::Warn {
            self.log.borrow_mut().push(format!("{level:?} {text}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rt::{Elapsed, timeout};

    #[test]
    fn time_is_virtual_and_timers_fire_in_order() {
        let rt = SimRuntime::new(1);
        let heard = Rc::new(RefCell::new(Vec::new()));
        for ms in [300_u32, 100, 200] {
            let (rt2, heard) = (rt.clone(), heard.clone());
            rt.spawn(Box::pin(async move {
                rt2.sleep(ms).await;
                heard.borrow_mut().push((ms, rt2.now_ms() - EPOCH_MS));
            }));
        }
        rt.run_for(1_000);
        assert_eq!(*heard.borrow(), [(100, 100), (200, 200), (300, 300)]);
        let late = rt.block_on(timeout(&*rt, 50, std::future::pending::<()>()));
        assert_eq!(late, Err(Elapsed));
    }

    #[test]
    fn the_same_seed_gives_the_same_numbers() {
        let numbers = |seed| {
            let rt = SimRuntime::new(seed);
            [rt.random(), rt.random()]
        };
        assert_eq!(numbers(7), numbers(7));
        assert_ne!(numbers(7), numbers(8));
    }
}
