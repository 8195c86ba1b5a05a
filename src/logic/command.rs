//! COMMANDS: methods that check their parameters, make one HTTP call of them, and bring the lists up to
//! date that it changes. What differs between them is data (`commands.rs`), so that forty methods are
//! one piece of code (data.md §2, §3.3).
use std::rc::Rc;

use super::sync::lists::List;
use super::{Cx, Session};
use crate::api::error::{Error, Result, code};
use crate::rt::json::{self, JsonError, Value};

/// Rows a page where all pages are asked for (data.md §3.4).
const PAGE: i64 = 200;

/// A method as data.
#[derive(Debug)]
pub(crate) struct Command {
    /// Its name.
    pub(crate) name: &'static str,
    /// Path below the API address.
    pub(crate) path: &'static str,
    /// Where the parameter of this name is false or 0, the path is this one.
    pub(crate) off: Option<(&'static str, &'static str)>,
    /// What the request consists of.
    pub(crate) args: &'static [Arg],
    /// The request is the only item of the list of this name; "" if it stands for itself.
    pub(crate) wrap: &'static str,
    /// What else is refused without asking the server.
    pub(crate) check: fn(&Value) -> Result<()>,
    /// What is synced before the promise resolves.
    pub(crate) then: Then,
    /// What the promise resolves with.
    pub(crate) reply: Reply,
}

/// What a command changes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Then {
    /// Nothing that is held.
    Nothing,
    /// A list.
    Sync(List),
    /// Members and info of the group in the parameter `groupID`.
    Members,
}

/// What a command resolves with.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reply {
    /// "".
    Done,
    /// A field of the answer, as it is.
    Field(&'static str),
    /// A list in the answer, in pages by the parameters `offset` and `count`; 0 means all.
    Pages(&'static str),
    /// The same, of applications for membership.
    GroupApplications(&'static str),
}

/// A field of a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arg {
    key: &'static str,
    source: Source,
    kind: Kind,
    optional: bool,
}

#[derive(Clone, Copy, Debug)]
enum Source {
    Me,
    Fixed(i32),
    Whole,
    Field(&'static str),
    /// An object, in which the own user ID gets this name.
    By(&'static str, &'static str),
    /// A list of the one value.
    Only(&'static str),
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Text,
    Number,
    Flag,
    Texts,
    Numbers,
    Any,
}

const fn field(name: &'static str, kind: Kind) -> Arg {
    Arg {
        key: name,
        source: Source::Field(name),
        kind,
        optional: false,
    }
}

/// The own user ID.
pub(super) const fn me(key: &'static str) -> Arg {
    let source = Source::Me;
    Arg {
        source,
        ..field(key, Kind::Any)
    }
}

/// A number that is always the same.
pub(super) const fn fixed(key: &'static str, number: i32) -> Arg {
    let source = Source::Fixed(number);
    Arg {
        source,
        ..field(key, Kind::Any)
    }
}

/// The parameter itself is a text.
pub(super) const fn whole(key: &'static str) -> Arg {
    let source = Source::Whole;
    Arg {
        source,
        ..field(key, Kind::Text)
    }
}

/// A text.
pub(super) const fn text(name: &'static str) -> Arg {
    field(name, Kind::Text)
}

/// A number.
pub(super) const fn number(name: &'static str) -> Arg {
    field(name, Kind::Number)
}

/// A boolean.
pub(super) const fn flag(name: &'static str) -> Arg {
    field(name, Kind::Flag)
}

/// A list of texts.
pub(super) const fn texts(name: &'static str) -> Arg {
    field(name, Kind::Texts)
}

/// A list of numbers.
pub(super) const fn numbers(name: &'static str) -> Arg {
    field(name, Kind::Numbers)
}

/// Any object.
pub(super) const fn object(name: &'static str) -> Arg {
    field(name, Kind::Any)
}

impl Arg {
    /// May be absent.
    pub(super) const fn optional(self) -> Arg {
        Arg {
            optional: true,
            ..self
        }
    }

    /// Under another name in the request.
    pub(super) const fn to(self, key: &'static str) -> Arg {
        Arg { key, ..self }
    }

    /// As the only item of a list of this name in the request.
    pub(super) const fn in_list(self, key: &'static str) -> Arg {
        let source = match self.source {
            Source::Field(name) => Source::Only(name),
            other => other,
        };
        Arg {
            key,
            source,
            ..self
        }
    }

    /// An object that says under this name who made it: the user.
    pub(super) const fn by(self, who: &'static str) -> Arg {
        let source = match self.source {
            Source::Field(name) => Source::By(name, who),
            other => other,
        };
        Arg { source, ..self }
    }

    /// Its value; `None` if it is absent and may be.
    fn value(&self, params: &Value) -> std::result::Result<Option<Value>, JsonError> {
        let (name, value) = match self.source {
            Source::Me => return Ok(None),
            Source::Fixed(number) => return Ok(Some(Value::from(number))),
            Source::Whole => ("", Some(params.clone())),
            Source::Field(name) | Source::By(name, _) | Source::Only(name) => {
                (name, json::field(params, name))
            }
        };
        let Some(value) = value else {
            return match self.optional {
                true => Ok(None),
                false => Err(JsonError(["missing field `", name, "`"].concat())),
            };
        };
        if let Err(error) = self.kind.check(&value) {
            return Err(match name {
                "" => error,
                name => JsonError([name, ": ", &error.0].concat()),
            });
        }
        Ok(Some(match self.source {
            Source::Only(_) => json::array(vec![value]),
            _ => value,
        }))
    }
}

impl Kind {
    fn check(self, value: &Value) -> std::result::Result<(), JsonError> {
        match self {
            Kind::Text => json::from_value::<String>(value).map(drop),
            Kind::Number => json::from_value::<i64>(value).map(drop),
            Kind::Flag => json::from_value::<bool>(value).map(drop),
            Kind::Texts => json::from_value::<Vec<String>>(value).map(drop),
            Kind::Numbers => json::from_value::<Vec<i64>>(value).map(drop),
            Kind::Any => Ok(()),
        }
    }
}

/// Runs a command. Wrong parameters are error 10002, before anything is done; a refusal of the server
/// keeps its code.
pub(crate) async fn run(cx: &Cx, command: &'static Command, params: Value) -> Result<Value> {
    let mut fields = Vec::new();
    for arg in command.args {
        let value = arg.value(&params);
        let value = value.map_err(|e| Error::args([command.name, ": ", &e.0].concat()))?;
        fields.extend(value.map(|value| (arg.key, value)));
    }
    let session = cx.session()?;
    (command.check)(&params)?;
    let me = Value::from(session.me.as_str());
    for arg in command.args {
        match arg.source {
            Source::Me => fields.push((arg.key, me.clone())),
            Source::By(_, who) => {
                for (_, value) in fields.iter_mut().filter(|(key, _)| *key == arg.key) {
                    *value = json::with(value, vec![(who, me.clone())]);
                }
            }
            _ => {}
        }
    }
    let path = match command.off {
        Some((name, path)) if is_off(&params, name) => path,
        _ => command.path,
    };
    match command.reply {
        Reply::Pages(key) => Ok(json::array(
            pages(&session, cx, path, fields, &params, key).await?,
        )),
        Reply::GroupApplications(key) => {
            let rows = pages(&session, cx, path, fields, &params, key).await?;
            session.applications(rows).await
        }
        reply => {
            let mut body = json::object(fields);
            if !command.wrap.is_empty() {
                body = json::object(vec![(command.wrap, json::array(vec![body]))]);
            }
            let answer = post(&session, cx, path, &body).await?;
            session.follow_up(command.then, &params).await;
            Ok(match (reply, answer) {
                (Reply::Field(key), Some(answer)) => {
                    json::field(&answer, key).unwrap_or_else(|| Value::from(0))
                }
                _ => Value::from(""),
            })
        }
    }
}

/// Nothing more to check.
pub(super) fn any(_: &Value) -> Result<()> {
    Ok(())
}

/// New groups are of type 2 (data.md §5.2).
pub(super) fn new_group(params: &Value) -> Result<()> {
    let info = json::field(params, "groupInfo");
    let kind = info.and_then(|info| json::field(&info, "groupType"));
    match kind.map(|kind| json::from_value::<i32>(&kind)) {
        Some(Ok(2)) => Ok(()),
        _ => Err(Error::new(
            code::GROUP_TYPE,
            "groupInfo.groupType must be 2",
        )),
    }
}

fn is_off(params: &Value, name: &str) -> bool {
    let Some(value) = json::field(params, name) else {
        return true;
    };
    json::from_value::<bool>(&value) == Ok(false) || json::from_value::<i64>(&value) == Ok(0)
}

async fn post(
    session: &Rc<Session>,
    cx: &Cx,
    path: &'static str,
    body: &Value,
) -> Result<Option<Value>> {
    let body = json::stringify(body).map_err(|e| Error::args(e.0))?;
    session.exchange(path, &cx.operation_id, body).await
}

/// Rows from `offset` on, `count` of them or all.
async fn pages(
    session: &Rc<Session>,
    cx: &Cx,
    path: &'static str,
    fields: Vec<(&str, Value)>,
    params: &Value,
    key: &str,
) -> Result<Vec<Value>> {
    let number = |name: &str| match json::field(params, name) {
        Some(value) => {
            json::from_value::<i64>(&value).map_err(|e| Error::args([name, ": ", &e.0].concat()))
        }
        None => Ok(0),
    };
    let (offset, count) = (number("offset")?, number("count")?);
    if offset < 0 || count < 0 {
        return Err(Error::args("offset and count must not be negative"));
    }
    let show = if count == 0 { PAGE } else { count.min(PAGE) };
    let skip = (offset % show) as usize;
    let wanted = if count == 0 {
        usize::MAX
    } else {
        count as usize
    };
    let mut rows: Vec<Value> = Vec::new();
    for page in offset / show + 1.. {
        let mut fields = fields.clone();
        let pagination = vec![
            ("pageNumber", Value::from(page as i32)),
            ("showNumber", Value::from(show as i32)),
        ];
        fields.push(("pagination", json::object(pagination)));
        let answer = post(session, cx, path, &json::object(fields)).await?;
        let list = answer.and_then(|answer| json::field(&answer, key));
        let list = list.map(|list| json::items(&list)).unwrap_or_default();
        let short = (list.len() as i64) < show;
        rows.extend(list);
        if short || rows.len() - skip.min(rows.len()) >= wanted {
            break;
        }
    }
    Ok(rows.into_iter().skip(skip).take(wanted).collect())
}

impl Session {
    /// What the call has done is synced now, so that its events come before the promise resolves. The
    /// call itself is done: if the sync fails, it is tried again later.
    async fn follow_up(self: &Rc<Self>, then: Then, params: &Value) {
        match then {
            Then::Nothing => {}
            Then::Sync(list) => {
                if self.sync_list(list, false).await.is_err() {
                    self.signals.list(list, "");
                }
            }
            Then::Members => {
                let id = json::field(params, "groupID").map(|id| json::from_value::<String>(&id));
                let Some(Ok(id)) = id else { return };
                if self.sync_members(std::slice::from_ref(&id)).await.is_err() {
                    self.signals.list(List::Members, &id);
                }
            }
        }
    }
}
