//! One at a time, in the order of asking.
//!
//! The mutex of futures-util wakes whoever has the lowest slot, and slots are used again: under steady load
//! two tasks hand it to each other, and the others wait until the load is over.
use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::{Poll, Waker};

/// Whose turn it is, and who waits.
#[derive(Default)]
pub struct Turns(RefCell<Line>);

#[derive(Default)]
struct Line {
    last: u32,
    /// The first has the turn.
    places: VecDeque<(u32, Option<Waker>)>,
}

/// A place in the line; the turn once it was waited for. Dropping it lets the next one go.
pub struct Turn<'t> {
    turns: &'t Turns,
    place: u32,
}

impl Turns {
    /// Waits until everybody who came earlier is done.
    pub async fn turn(&self) -> Turn<'_> {
        let turn = self.enter();
        poll_fn(|cx| {
            match self
                .0
                .borrow_mut()
                .places
                .iter_mut()
                .enumerate()
                .find(|(_, (id, _))| *id == turn.place)
            {
                Some((at, (_, waker))) if at > 0 => {
                    *waker = Some(cx.waker().clone());
                    Poll::Pending
                }
                _ => Poll::Ready(()),
            }
        })
        .await;
        turn
    }

    fn enter(&self) -> Turn<'_> {
        let mut line = self.0.borrow_mut();
        line.last = line.last.wrapping_add(1);
        let place = line.last;
        line.places.push_back((place, None));
        Turn { turns: self, place }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut line = self.turns.0.borrow_mut();
        line.places.retain(|(id, _)| *id != self.place);
        let next = line.places.front_mut().and_then(|(_, waker)| waker.take());
        drop(line);
        if let Some(waker) = next {
            waker.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Turns;
    use futures_util::future::{FutureExt, join, join_all};
    use futures_util::task::noop_waker_ref;
    use std::cell::{Cell, RefCell};
    use std::task::{Context, Poll};

    #[test]
    fn turns_come_in_the_order_of_asking() {
        let turns = Turns::default();
        let order = RefCell::new(Vec::new());
        // Each asks again as soon as it is done.
        let work = |n: u32| {
            let (turns, order) = (&turns, &order);
            async move {
                for _ in 0..3 {
                    let _turn = turns.turn().await;
                    order.borrow_mut().push(n);
                    futures_util::pending!();
                }
            }
        };
        let mut all = Box::pin(join_all((0..4).map(work)));
        let mut cx = Context::from_waker(noop_waker_ref());
        let mut left = 100;
        while all.poll_unpin(&mut cx).is_pending() {
            left -= 1;
            assert!(left > 0, "somebody waits for ever: {order:?}");
        }
        assert_eq!(*order.borrow(), [0, 1, 2, 3].repeat(3));
    }

    #[test]
    fn who_goes_away_holds_up_nobody() {
        let turns = Turns::default();
        let first = turns.turn().now_or_never().expect("nobody is there");
        let mut second = Box::pin(turns.turn());
        let mut third = Box::pin(turns.turn());
        let mut cx = Context::from_waker(noop_waker_ref());
        assert!(second.poll_unpin(&mut cx).is_pending());
        assert!(third.poll_unpin(&mut cx).is_pending());
        drop(second);
        assert!(third.poll_unpin(&mut cx).is_pending());
        drop(first);
        assert!(matches!(third.poll_unpin(&mut cx), Poll::Ready(_)));
    }

    #[test]
    fn the_next_one_is_woken() {
        let turns = Turns::default();
        let done = Cell::new(0);
        let one = async {
            let _turn = turns.turn().await;
            done.set(done.get() + 1);
        };
        let two = async {
            let _turn = turns.turn().await;
            done.set(done.get() + 1);
        };
        let held = turns.turn().now_or_never().expect("nobody is there");
        let mut local = futures_util::stream::FuturesUnordered::new();
        local.push(join(one, two));
        let mut cx = Context::from_waker(noop_waker_ref());
        let next = |local: &mut futures_util::stream::FuturesUnordered<_>, cx: &mut Context<'_>| {
            futures_util::StreamExt::poll_next_unpin(local, cx).is_ready()
        };
        assert!(!next(&mut local, &mut cx));
        drop(held);
        // Polls only what was woken.
        assert!(next(&mut local, &mut cx));
        assert_eq!(done.get(), 2);
    }
}
