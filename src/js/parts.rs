//! The browser's parts.
use std::rc::Rc;

use super::events::Events;
use crate::logic::Parts;
use crate::net::fetch::FetchHttp;
use crate::net::files::BlobFiles;
use crate::net::websocket::WebSocketTransport;
use crate::rt::browser::BrowserRuntime;
use crate::store::idb::IdbStores;
use crate::store::memory::MemoryStores;

/// What a client in a browser is built from.
pub(super) fn browser(events: Events) -> Parts {
    Parts {
        rt: Rc::new(BrowserRuntime),
        transport: Rc::new(WebSocketTransport),
        http: Rc::new(FetchHttp),
        files: Rc::new(BlobFiles),
        stores: Rc::new(IdbStores),
        memory: Rc::new(MemoryStores::default()),
        emit: Box::new(move |event| events.push(event)),
    }
}
