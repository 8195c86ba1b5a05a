//! stub
use super::{NetError, Transport, wire::pb};
use crate::rt::Runtime;
use futures_channel::mpsc;
use std::rc::Rc;
pub struct ConnConfig {
    pub ws_addr: String,
    pub user_id: String,
    pub token: String,
    pub platform_id: i32,
}
pub enum ConnEvent {
    Connecting,
    Connected,
    Failed { code: i32, message: String },
    Fatal { code: i32, message: String },
    Kicked,
    Lost,
    Push(pb::PushMessages),
    Presence(pb::SubUserOnlineStatusTips),
    Resync,
}
#[derive(Clone)]
pub struct Connection;
impl Connection {
    pub fn start(
        _rt: Rc<dyn Runtime>,
        _t: Rc<dyn Transport>,
        _c: ConnConfig,
    ) -> (Self, mpsc::UnboundedReceiver<ConnEvent>) {
        unreachable!()
    }
    pub async fn request<Q: prost::Message, R: prost::Message + Default>(
        &self,
        _id: i32,
        _op: &str,
        _q: &Q,
        _ms: u32,
    ) -> Result<R, NetError> {
        unreachable!()
    }
    pub fn is_connected(&self) -> bool {
        false
    }
    pub fn wake(&self) {}
    pub fn reconnect(&self) {}
    pub fn set_background(&self, _b: bool) {}
    pub async fn wait_connected(&self, _ms: u32) -> Result<(), NetError> {
        Ok(())
    }
    pub async fn close(&self) {}
}
