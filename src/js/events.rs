//! Events on their way out: a queue that is emptied from the event loop, never from within a borrow or
//! a transaction.
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::error::to_js;
use crate::api::Error;
use crate::api::events::Told;

/// The queue of one client; clones are the same queue.
#[derive(Clone)]
pub(super) struct Events(Rc<Queue>);

struct Queue {
    tell: RefCell<Option<Function>>,
    waiting: RefCell<VecDeque<Told>>,
    scheduled: Cell<bool>,
}

impl Events {
    pub(super) fn new(tell: Function) -> Self {
        Events(Rc::new(Queue {
            tell: RefCell::new(Some(tell)),
            waiting: RefCell::default(),
            scheduled: Cell::new(false),
        }))
    }

    /// Takes an event; it goes out when the code that runs now has returned.
    pub(super) fn push(&self, event: Told) {
        self.0.waiting.borrow_mut().push_back(event);
        if !self.0.scheduled.replace(true) {
            let events = self.clone();
            spawn_local(async move {
                events.0.scheduled.set(false);
                events.flush();
            });
        }
    }

    /// Tells what waits, in order. What listeners cause meanwhile joins the queue.
    pub(super) fn flush(&self) {
        loop {
            let event = self.0.waiting.borrow_mut().pop_front();
            let (Some(event), Some(tell)) = (event, self.0.tell.borrow().clone()) else {
                return;
            };
            let error = match event.err_code {
                0 => JsValue::NULL,
                code => to_js(&Error::server(code, event.err_msg)),
            };
            // What the callback throws is the front's business, which logs it.
            let _ = tell.call3(&JsValue::NULL, &event.name.into(), &event.data, &error);
        }
    }

    /// Forgets the callback and what waits.
    pub(super) fn close(&self) {
        self.0.tell.borrow_mut().take();
        self.0.waiting.borrow_mut().clear();
    }
}
