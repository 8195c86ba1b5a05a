//! The method table from outside: what crosses, what is refused before anything is done.
#![cfg(not(target_arch = "wasm32"))]
use std::rc::Rc;

use async_trait::async_trait;
use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, pending};
use openim_web::api::error::{Error, code};
use openim_web::js::router;
use openim_web::logic::{Core, Parts};
use openim_web::net::{
    FileInfo, Files, Http, HttpReply, HttpRequest, NetError, Put, Socket, Transport,
};
use openim_web::rt::{Level, Runtime};
use openim_web::store::memory::MemoryStores;
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
impl Files for Nothing {
    fn info(&self, _: &Value) -> Option<FileInfo> {
        None
    }
    async fn read(&self, _: &Value, _: std::ops::Range<i64>) -> Option<Vec<u8>> {
        None
    }
    async fn put(&self, _: Put<'_>, _: &dyn Fn(i64) -> bool) -> Result<u16, NetError> {
        Err(NetError::NotConnected)
    }
}

fn core() -> Rc<Core> {
    Core::new(Parts {
        rt: Rc::new(Nothing),
        transport: Rc::new(Nothing),
        http: Rc::new(Nothing),
        files: Rc::new(Nothing),
        stores: Rc::new(MemoryStores::default()),
        memory: Rc::new(MemoryStores::default()),
        emit: Box::new(|_| {}),
    })
}

fn ask(core: &Rc<Core>, method: &str, params: Value) -> Result<Value, Error> {
    router::call(core, method, params, "op")
        .now_or_never()
        .expect("answered at once")
}

fn call(method: &str, params: Value) -> Result<Value, Error> {
    ask(&core(), method, params)
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

/// A video; the key of the snapshot's type differs between parameters and element.
fn video(snapshot_type: &str) -> Value {
    let mut video = json!({
        "videoPath": "", "videoUUID": "v", "videoUrl": "u", "videoType": "video/mp4", "videoSize": 9,
        "duration": 3, "snapshotPath": "", "snapshotUUID": "s", "snapshotSize": 1, "snapshotUrl": "w",
        "snapshotWidth": 4, "snapshotHeight": 5,
    });
    video[snapshot_type] = json!("image/jpeg");
    video
}

/// Every `create…Message` method with parameters and what of the message must come out.
fn messages() -> Vec<(&'static str, Value, i32, &'static str, Value)> {
    let picture =
        json!({"uuid": "p", "type": "image/png", "size": 1, "width": 2, "height": 3, "url": "u"});
    let quoted = json!({"clientMsgID": "q", "contentType": 101, "status": 2, "textElem": {"content": "first"}});
    let entity = json!({"type": "url", "offset": 0, "length": 1, "info": "i"});
    let entity_out = json!({"type": "url", "offset": 0, "length": 1, "info": "i", "ex": "i"});
    let quoted_out = json!({
        "clientMsgID": "q", "contentType": 101, "status": 2, "textElem": {"content": "first"},
        "createTime": 0, "sendTime": 0, "sessionType": 0, "msgFrom": 0, "senderPlatformID": 0,
        "seq": 0, "isRead": false,
    });
    vec![
        (
            "createTextMessage",
            json!(""),
            101,
            "textElem",
            json!({"content": ""}),
        ),
        (
            "createMarkdownMessage",
            json!("# a"),
            118,
            "markdownTextElem",
            json!({"content": "# a"}),
        ),
        (
            "createTextAtMessage",
            json!({"text": "@a", "atUserIDList": ["a"]}),
            106,
            "atTextElem",
            json!({"text": "@a", "atUserList": ["a"], "isAtSelf": false}),
        ),
        (
            "createAdvancedTextMessage",
            json!({"text": "t"}),
            117,
            "advancedTextElem",
            json!({"text": "t", "messageEntityList": []}),
        ),
        (
            "createQuoteMessage",
            json!({"text": "t", "message": quoted.to_string()}),
            114,
            "quoteElem",
            json!({"text": "t", "quoteMessage": quoted_out}),
        ),
        (
            "createAdvancedQuoteMessage",
            json!({"text": "t", "message": quoted, "messageEntityList": [entity]}),
            114,
            "quoteElem",
            json!({"text": "t", "quoteMessage": quoted_out, "messageEntityList": [entity_out]}),
        ),
        (
            "createImageMessageByURL",
            json!({"sourcePicture": picture, "bigPicture": picture, "snapshotPicture": picture, "sourcePath": ""}),
            102,
            "pictureElem",
            json!({"sourcePath": "", "sourcePicture": picture, "bigPicture": picture, "snapshotPicture": picture}),
        ),
        (
            "createSoundMessageByURL",
            json!({"uuid": "s", "soundPath": "", "sourceUrl": "u", "dataSize": 7, "duration": 2}),
            103,
            "soundElem",
            json!({"uuid": "s", "soundPath": "", "sourceUrl": "u", "dataSize": 7, "duration": 2, "soundType": ""}),
        ),
        (
            "createVideoMessageByURL",
            video("snapShotType"),
            104,
            "videoElem",
            video("snapshotType"),
        ),
        (
            "createFileMessageByURL",
            json!({"filePath": "", "fileName": "n", "uuid": "f", "sourceUrl": "u", "fileSize": 3}),
            105,
            "fileElem",
            json!({"filePath": "", "fileName": "n", "uuid": "f", "sourceUrl": "u", "fileSize": 3}),
        ),
        (
            "createMergerMessage",
            json!({"messageList": [{"a": {"b": null}}], "title": "t", "summaryList": ["s"]}),
            107,
            "mergeElem",
            json!({"title": "t", "abstractList": ["s"], "multiMessage": [{"a": {"b": null}}], "messageEntityList": []}),
        ),
        (
            "createForwardMessage",
            json!({"contentType": 777, "status": 2, "content": "odd", "seq": 9, "groupID": "g"}),
            777,
            "content",
            json!("odd"),
        ),
        (
            "createFaceMessage",
            json!({"index": 1, "data": "d"}),
            115,
            "faceElem",
            json!({"index": 1, "data": "d"}),
        ),
        (
            "createLocationMessage",
            json!({"description": "d", "longitude": 1.5, "latitude": -2.5}),
            109,
            "locationElem",
            json!({"description": "d", "longitude": 1.5, "latitude": -2.5}),
        ),
        (
            "createCardMessage",
            json!({"userID": "u", "nickname": "n", "faceURL": "f", "ex": ""}),
            108,
            "cardElem",
            json!({"userID": "u", "nickname": "n", "faceURL": "f", "ex": ""}),
        ),
        (
            "createCustomMessage",
            json!({"data": "d", "extension": "e", "description": ""}),
            110,
            "customElem",
            json!({"data": "d", "extension": "e", "description": ""}),
        ),
    ]
}

#[test]
fn messages_are_made_as_the_official_sdk_makes_them() {
    let core = core();
    let login = json!({
        "userID": "me", "token": "t", "platformID": 5, "apiAddr": "http://h", "wsAddr": "ws://h",
    });
    assert_eq!(ask(&core, "login", login), Ok(json!("")));
    for (method, params, content_type, key, element) in messages() {
        let message = ask(&core, method, params).expect(method);
        assert_eq!(message[key], element, "{method}");
        assert_eq!(message["contentType"], content_type, "{method}");
        assert_eq!(message["sendID"], "me", "{method}");
        assert_eq!(message["senderPlatformID"], 5, "{method}");
        assert_eq!(message["msgFrom"], 100, "{method}");
        assert_eq!(message["seq"], 0, "{method}");
        assert_eq!(message["createTime"], message["sendTime"], "{method}");
        let status = if method == "createForwardMessage" {
            2
        } else {
            1
        };
        assert_eq!(message["status"], status, "{method}");
        assert!(message.get("groupID").is_none(), "{method}");
        let id = message["clientMsgID"].as_str().expect("an ID");
        assert!(
            id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit()),
            "{id}"
        );
    }
}
