//! What a server begins with.
mod own;

use openim_web::net::wire::pb::MsgData;
use serde_json::{Value, json};

use crate::model::Model;
use crate::model::tokens::ADMIN_USER;

/// Users of the demo: ID, name, colour of the picture.
const USERS: [(&str, &str, &str); 4] = [
    ("alice", "Alice", "#c2410c"),
    ("bob", "Bob", "#1d4ed8"),
    ("carol", "Carol", "#15803d"),
    ("dave", "Dave", "#7e22ce"),
];
/// Somebody nobody knows yet: no friend, no member.
const STRANGER: (&str, &str, &str) = ("erin", "Erin", "#0f766e");
/// The group everybody else is in.
pub const GROUP: &str = "garden";

/// Go's time of what has none: the administrator was never registered.
const YEAR_ONE: i64 = -62_135_596_800_000;

/// A model by its seed: `demo`, `empty` (only the administrator), or JSON as `own` reads it.
pub fn model(seed: &str, now: i64) -> Result<Model, String> {
    let mut model = Model::default();
    model.add_user(YEAR_ONE, ADMIN_USER, "superAdmin", "");
    match seed {
        "demo" => demo(&mut model, now),
        "empty" => {}
        json if json.starts_with('{') => {
            let seed = serde_json::from_str(json);
            let seed = seed.map_err(|error| format!("the seed is not JSON: {error}"))?;
            own::fill(&mut model, now, &seed)?;
        }
        _ => return Err(format!("there is no seed \"{seed}\": demo, empty, or JSON")),
    }
    model.drain_effects();
    Ok(model)
}

fn picture(name: &str, colour: &str) -> String {
    let letter = &name[..1];
    let colour = colour.replace('#', "%23");
    format!(
        "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 40 40'>\
         <rect width='40' height='40' fill='{colour}'/><text x='20' y='27' font-size='20' \
         font-family='sans-serif' text-anchor='middle' fill='white'>{letter}</text></svg>"
    )
}

/// A message of a user without receiver and content.
pub fn message(model: &mut Model, now: i64, from: &str) -> MsgData {
    let id = format!("{:032x}", model.fresh_number());
    let (nickname, face_url) = model.profile(from);
    MsgData {
        send_id: from.to_owned(),
        client_msg_id: id,
        sender_platform_id: 5,
        sender_nickname: nickname,
        sender_face_url: face_url,
        msg_from: 100,
        create_time: now,
        status: 1,
        ..Default::default()
    }
}

/// Sends through the usual pipeline, at once.
fn say(model: &mut Model, at: i64, from: &str, to: &str, kind: i32, content: &Value) {
    let is_group = to == GROUP;
    let msg = MsgData {
        recv_id: if is_group {
            String::new()
        } else {
            to.to_owned()
        },
        group_id: if is_group {
            to.to_owned()
        } else {
            String::new()
        },
        session_type: if is_group { 3 } else { 1 },
        content_type: kind,
        content: content.to_string().into_bytes(),
        send_time: at,
        ..message(model, at, from)
    };
    // Seeded users and groups exist.
    let _ = model.send(at, msg, from);
    model.tick(at + model.store_delay_ms.end());
}

fn text(content: &str) -> Value {
    json!({ "content": content })
}

const LINES: [&str; 12] = [
    "Good morning! Did the seeds arrive?",
    "Yes, three bags. The tomatoes look great.",
    "Shall we plant them on Saturday?",
    "Saturday is fine. I bring the small shovel.",
    "Then I bring water and coffee.",
    "Deal. Who takes care of the fence?",
    "The fence can wait until next week.",
    "It rained all night, the soil is soft.",
    "Perfect for planting.",
    "I found the old plan of the garden.",
    "Send a picture when you can.",
    "On my way now.",
];

fn demo(model: &mut Model, now: i64) {
    let born = now - 40 * 24 * 3_600_000;
    for (id, name, colour) in USERS.into_iter().chain([STRANGER]) {
        model.add_user(born, id, name, &picture(name, colour));
    }
    for (n, (a, ..)) in USERS.iter().enumerate() {
        for (b, ..) in &USERS[n + 1..] {
            model.befriend(born, a, b);
        }
    }
    model.add_group(
        born,
        GROUP,
        "Garden club",
        &["alice", "bob", "carol", "dave"],
    );
    let minute = 60_000;
    let mut at = now - 2 * 24 * 3_600_000;
    for n in 0..48 {
        let (from, to) = if n % 2 == 0 {
            ("alice", "bob")
        } else {
            ("bob", "alice")
        };
        at += (7 + n % 5 * 3) * minute;
        say(
            model,
            at,
            from,
            to,
            101,
            &text(LINES[n as usize % LINES.len()]),
        );
    }
    say(model, at + minute, "bob", "alice", 102, &image());
    say(
        model,
        at + 2 * minute,
        "bob",
        "alice",
        109,
        &json!({"description": "The garden gate", "longitude": 13.4, "latitude": 52.5}),
    );
    say(
        model,
        at + 3 * minute,
        "bob",
        "alice",
        101,
        &text("See you there."),
    );
    let mut at = now - 3 * 3_600_000;
    for n in 0..24 {
        let from = USERS[n % 4].0;
        at += 6 * minute;
        say(
            model,
            at,
            from,
            GROUP,
            101,
            &text(LINES[(n * 5) % LINES.len()]),
        );
    }
    say(
        model,
        at + minute,
        "carol",
        GROUP,
        108,
        &json!({"userID": "dave", "nickname": "Dave", "faceURL": "", "ex": ""}),
    );
    say(
        model,
        at + 2 * minute,
        "dave",
        GROUP,
        115,
        &json!({"index": 3, "data": "🌻"}),
    );
    say(
        model,
        now - 50 * minute,
        "carol",
        "alice",
        101,
        &text("Do you have a minute?"),
    );
    say(
        model,
        now - 49 * minute,
        "carol",
        "alice",
        101,
        &text("It is about the fence."),
    );
    say(
        model,
        now - 30 * minute,
        "alice",
        "dave",
        101,
        &text("Thanks for yesterday!"),
    );
}

fn image() -> Value {
    let url = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 320 200'>\
        <rect width='320' height='200' fill='%23bae6fd'/><rect y='130' width='320' height='70' fill='%2365a30d'/>\
        <circle cx='260' cy='45' r='26' fill='%23fde047'/><rect x='60' y='90' width='90' height='70' fill='%23b45309'/>\
        <path d='M50 92 L105 50 L160 92 Z' fill='%237c2d12'/></svg>";
    let picture = json!({"uuid": "garden", "type": "image/svg+xml", "size": 400, "width": 320, "height": 200, "url": url});
    json!({"sourcePath": "", "sourcePicture": picture, "bigPicture": picture, "snapshotPicture": picture})
}

/// Many conversations of a user, with texts from the other side.
pub fn bulk(model: &mut Model, now: i64, user: &str, conversations: usize, messages: usize) {
    if model.profile(user).0.is_empty() {
        model.add_user(now, user, user, "");
    }
    let delay = std::mem::replace(&mut model.store_delay_ms, 0..=0);
    let begin = now - (conversations * messages) as i64 - 1_000;
    for c in 0..conversations {
        let peer = format!("peer{c:05}");
        if model.profile(&peer).0.is_empty() {
            model.add_user(now, &peer, &format!("Peer {c}"), "");
        }
        for m in 0..messages {
            let at = begin + (m * conversations + c) as i64;
            say(
                model,
                at,
                &peer,
                user,
                101,
                &text(&format!(
                    "message {} of {messages} in conversation {c}",
                    m + 1
                )),
            );
        }
    }
    model.store_delay_ms = delay;
}
