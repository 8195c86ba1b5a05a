//! JSON: made and parsed by the browser in the browser, by `serde_json` natively, with one signature.
//!
//! [`Value`] is what crosses to JavaScript: a `JsValue` there, a `serde_json::Value` in native tests.
//! Types are [`Read`] from values and [`Write`]s to them by tables of their fields, derived: what is
//! compiled for a type is its table, on every platform the same.
use std::fmt;

pub use openim_web_derive::{Read, Write};

pub use self::read::{Read, read_fields, read_nothing};
pub use self::write::{Write, write_fields};

mod read;
mod write;

#[cfg(target_arch = "wasm32")]
#[path = "json/browser.rs"]
mod platform;
#[cfg(not(target_arch = "wasm32"))]
#[path = "json/native.rs"]
mod platform;

pub use self::platform::{Value, array, field, is_null, items, object, parse, stringify, with};

/// The text is not JSON, or the value has another shape than asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError(pub String);

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for JsonError {}

/// A field of a type, in the table that is derived for it.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// As JSON has it.
    pub name: &'static str,
    /// When read: it may be absent. When written: it is left out if it is empty.
    pub optional: bool,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// `null` or what JSON has not: `undefined`, functions, symbols.
    Null,
    Flag,
    Number,
    Text,
    Array,
    Object,
}

/// A typed value as a platform value. `None` becomes `null`, maps become plain objects.
pub fn to_value<T: Write + ?Sized>(value: &T) -> Value {
    value.write()
}

/// A platform value as a typed value.
pub fn from_value<T: Read>(value: &Value) -> Result<T, JsonError> {
    let mut read = T::blank();
    read.read(value)?;
    Ok(read)
}

/// A typed value as compact JSON text.
pub fn to_text<T: Write + ?Sized>(value: &T) -> String {
    written(value.write())
}

/// JSON text as a typed value.
pub fn from_text<T: Read>(text: &str) -> Result<T, JsonError> {
    from_value(&parse(text)?)
}

fn written(value: Value) -> String {
    // What `Write` makes has neither functions nor cycles.
    stringify(&value).unwrap_or_default()
}

/// JSON that passes through the SDK unread: message elements of known and unknown content types.
///
/// Holds JSON text inside; crosses to JavaScript as the value it stands for. Text that is not JSON
/// crosses as a string, so that nothing is lost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawJson(pub String);

impl Read for RawJson {
    fn blank() -> Self {
        RawJson::default()
    }

    fn read(&mut self, value: &Value) -> Result<(), JsonError> {
        self.0 = stringify(value)?;
        Ok(())
    }
}

impl Write for RawJson {
    fn write(&self) -> Value {
        parse(&self.0).unwrap_or_else(|_| Value::from(self.0.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Read, Write)]
    struct Sample {
        id: String,
        #[serde(default, rename = "isRead")]
        is_read: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        elem: Option<RawJson>,
    }

    #[derive(Debug, Default, PartialEq, Read, Write)]
    #[serde(default, rename_all = "camelCase")]
    struct Lists {
        some_numbers: Vec<i32>,
        #[serde(skip_serializing_if = "String::is_empty")]
        text: String,
        inner: Vec<Inner>,
    }

    #[derive(Debug, PartialEq, Read, Write)]
    struct Inner(Option<u32>);

    #[test]
    fn raw_json_keeps_unknown_keys() {
        let text = r#"{"id":"1","elem":{"b":[1,2.5,null],"a":{"x":"<é>"}}}"#;
        let sample: Sample = from_text(text).unwrap();
        let again: Sample = from_text(&to_text(&sample)).unwrap();
        assert_eq!(sample, again);
        assert!(sample.elem.unwrap().0.contains("\"b\":[1,2.5,null]"));
    }

    #[test]
    fn text_that_is_not_json_crosses_as_a_string() {
        let value = to_value(&RawJson("{broken".into()));
        assert_eq!(value, Value::from("{broken"));
    }

    #[test]
    fn absent_null_and_empty() {
        let sample: Sample = from_text(r#"{"id":"1","isRead":null,"elem":null,"more":1}"#).unwrap();
        assert!(!sample.is_read && sample.elem.is_none());
        assert_eq!(to_text(&sample), r#"{"id":"1","isRead":false}"#);
        let lists: Lists = from_text("{}").unwrap();
        assert_eq!(lists, Lists::default());
        assert_eq!(to_text(&lists), r#"{"inner":[],"someNumbers":[]}"#);
        let lists: Lists = from_text(r#"{"someNumbers":[-1,2],"inner":[3,null]}"#).unwrap();
        assert_eq!(lists.some_numbers, [-1, 2]);
        assert_eq!(lists.inner, [Inner(Some(3)), Inner(None)]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let wrong = |text: &str| from_text::<Sample>(text).unwrap_err().0;
        assert_eq!(wrong("[]"), "expected an object, found an array");
        assert_eq!(wrong("{}"), "missing field `id`");
        assert_eq!(wrong(r#"{"id":null}"#), "missing field `id`");
        assert_eq!(
            wrong(r#"{"id":1}"#),
            "id: expected a string, found a number"
        );
        let wrong = |text: &str| from_text::<Lists>(text).unwrap_err().0;
        let number = "someNumbers: expected a whole number, found a number";
        assert_eq!(wrong(r#"{"someNumbers":[1.5]}"#), number);
        assert_eq!(wrong(r#"{"someNumbers":[3000000000]}"#), number);
        assert_eq!(
            wrong(r#"{"inner":[-1]}"#),
            "inner: expected a whole number, found a number"
        );
    }
}
