//! The method table from outside: what crosses, what is refused before anything is done.
#![cfg(not(target_arch = "wasm32"))]
use std::rc::Rc;

use async_trait::async_trait;
use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, pending};
use openim_web::api::error::{Error, code};
use openim_web::js::router;
use openim_web::logic::{Core, Parts};
use openim_web::net::{Http, HttpReply, HttpRequest, NetError, Socket, Transport};
use openim_web::rt::{Level, Runtime};
use openim_web::store::{Store, StoreError, Stores};
use serde_json::{Value, json};

/// A world where nothing answers.
struct Nothing;

impl Runtime for Nothing {
    fn now_ms(&self) -> i64 {
        1
    }
    fn sleep(&self, _: u32) -> LocalBoxFuture<'static, ()> {
        Box::pin(pending())
    }
    fn spawn(&self, _: LocalBoxFuture<'static, ()>) {}
    fn random(&self) -> u64 {
        4
    }
    fn log(&self, _: Level, _: &str) {}
}

#[async_trait(?Send)]
impl Transport for Nothing {
    async fn dial(&self, _: &str) -> Result<Socket, NetError> {
        Err(NetError::NotConnected)
    }
}

#[async_trait(?Send)]
impl Http for Nothing {
    async fn post(&self, _: HttpRequest) -> Result<HttpReply, NetError> {
        Err(NetError::NotConnected)
    }
}

#[async_trait(?Send)]
impl Stores for Nothing {
    async fn open(&self, _: &str) -> Result<Rc<dyn Store>, StoreError> {
        Err(StoreError::Other("no store here".into()))
    }
}

fn call(method: &str, params: Value) -> Result<Value, Error> {
    let core = Core::new(Parts {
        rt: Rc::new(Nothing),
        transport: Rc::new(Nothing),
        http: Rc::new(Nothing),
        stores: Rc::new(Nothing),
        memory: Rc::new(Nothing),
        emit: Box::new(|_| {}),
    });
    router::call(&core, method, params, "op")
        .now_or_never()
        .expect("answered at once")
}

fn refused(method: &str, params: Value) -> String {
    let error = call(method, params).expect_err("refused");
    assert_eq!(error.code, code::ARGS, "{error}");
    error.cause
}

#[test]
fn wrong_parameters_are_refused_by_name() {
    for (method, params, named) in [
        (
            "pinConversation",
            json!({"isPinned": true}),
            "conversationID",
        ),
        (
            "pinConversation",
            json!({"conversationID": "c", "isPinned": "yes"}),
            "isPinned",
        ),
        (
            "setConversation",
            json!({"conversationID": "c", "burnDuration": {}}),
            "burnDuration",
        ),
        (
            "sendMessage",
            json!({"recvID": "u", "message": {"seq": "one"}}),
            "message",
        ),
        ("sendMessage", json!({"recvID": "u"}), "message"),
        (
            "createTextMessage",
            json!({"text": "x"}),
            "createTextMessage",
        ),
        ("createTextMessage", Value::Null, "createTextMessage"),
        ("getUsersInfo", json!("u1"), "getUsersInfo"),
        (
            "login",
            json!({"userID": "u", "token": "t", "platformID": "5"}),
            "platformID",
        ),
    ] {
        let cause = refused(method, params.clone());
        assert!(cause.contains(named), "{method} {params}: {cause}");
    }
}

#[test]
fn values_out_of_bounds_are_refused() {
    let login = |api: &str, ws: &str| json!({"userID": "u", "token": "t", "platformID": 5, "apiAddr": api, "wsAddr": ws});
    assert!(refused("login", login("example", "ws://h")).contains("apiAddr"));
    assert!(refused("login", login("http://h", "http://h")).contains("wsAddr"));
}

#[test]
fn null_counts_as_absent() {
    // Decoded, and refused only because nobody is logged in.
    for (method, params) in [
        ("getFriendList", Value::Null),
        ("getFriendList", json!(true)),
        ("getAllConversationList", Value::Null),
        (
            "setSelfInfo",
            json!({"nickname": null, "ex": "x", "userID": "ignored"}),
        ),
        (
            "setConversation",
            json!({"conversationID": "c", "isPinned": null}),
        ),
        ("createCardMessage", json!({"userID": "u", "ex": null})),
    ] {
        let error = call(method, params.clone()).expect_err("not logged in");
        assert_eq!(
            error.code,
            code::NOT_LOGGED_IN,
            "{method} {params}: {error}"
        );
    }
}

#[test]
fn an_unknown_method_is_refused_by_name() {
    let error = call("signalingInvite", json!({})).expect_err("not supported");
    assert_eq!(error.code, code::NOT_SUPPORTED);
    assert!(error.cause.contains("signalingInvite"));
}

#[test]
fn what_makes_no_message_resolves_with_nothing() {
    let ids: Vec<String> = (0..11).map(|n| n.to_string()).collect();
    for (method, params) in [
        (
            "createTextAtMessage",
            json!({"text": "", "atUserIDList": ["a"]}),
        ),
        (
            "createTextAtMessage",
            json!({"text": "x", "atUserIDList": ids}),
        ),
        (
            "createForwardMessage",
            json!({"contentType": 101, "status": 1}),
        ),
        (
            "createQuoteMessage",
            json!({"text": "x", "message": "not json"}),
        ),
    ] {
        assert_eq!(
            call(method, params.clone()),
            Ok(json!("")),
            "{method} {params}"
        );
    }
}

#[test]
fn the_status_needs_no_login() {
    assert_eq!(call("getLoginStatus", Value::Null), Ok(json!(1)));
}
