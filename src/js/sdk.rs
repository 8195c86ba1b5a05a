//! The exported class. It builds the core from the browser's parts, and does nothing else.
use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::error::{self, to_js};
use super::events::Events;
use super::{parts, router};
use crate::logic::Core;

/// One client: one account at a time.
#[wasm_bindgen]
pub struct Engine {
    core: RefCell<Option<Rc<Core>>>,
    events: Events,
}

#[wasm_bindgen]
impl Engine {
    /// `tell(event, data, error)` gets every event.
    #[wasm_bindgen(constructor)]
    pub fn new(tell: Function) -> Engine {
        let events = Events::new(tell);
        let core = Core::new(parts::browser(events.clone()));
        Engine {
            core: RefCell::new(Some(core)),
            events,
        }
    }

    /// Resolves with the reply's data, rejects with `{errCode, errName, errMsg, cause}`. Events caused by the
    /// call are told before it settles.
    pub fn call(&self, method: String, params: JsValue, operation_id: String) -> Promise {
        let core = self.core.borrow().clone();
        let events = self.events.clone();
        future_to_promise(async move {
            let Some(core) = core else {
                return Err(to_js(&error::closed()));
            };
            let answer = router::call(&core, &method, params, &operation_id).await;
            events.flush();
            answer.map_err(|error| to_js(&error))
        })
    }

    /// The page is looked at again or the network is back.
    pub fn wake(&self) {
        if let Some(core) = &*self.core.borrow() {
            core.wake();
        }
    }

    /// Closes connection and database; nothing is told any more.
    pub fn close(&self) {
        self.events.close();
        if let Some(core) = self.core.borrow_mut().take() {
            wasm_bindgen_futures::spawn_local(async move { core.close().await });
        }
    }
}
