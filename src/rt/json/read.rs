//! Values as typed values.
use super::platform::{self, Value};
use super::{Field, JsonError, Kind};
use crate::rt::map::Map;

/// What can be read from a value; derived for structs.
///
/// A field that is `null` counts as absent, as it does for the official SDK.
pub trait Read {
    /// What is there before anything is read.
    fn blank() -> Self
    where
        Self: Sized;

    /// Takes over what the value says, or tells what is wrong with it.
    fn read(&mut self, value: &Value) -> Result<(), JsonError>;
}

/// Reads the fields of an object, in the order of their table.
pub fn read_fields(
    value: &Value,
    table: &'static [Field],
    fields: &mut [&mut dyn Read],
) -> Result<(), JsonError> {
    if platform::kind(value) != Kind::Object {
        return Err(refused(value, "an object"));
    }
    for (of, field) in table.iter().zip(fields) {
        match platform::named(value, of.name) {
            Some(found) => {
                let read = field.read(&found);
                read.map_err(|error| JsonError([of.name, ": ", &error.0].concat()))?;
            }
            None if of.optional => {}
            None => return Err(JsonError(["missing field `", of.name, "`"].concat())),
        }
    }
    Ok(())
}

/// Reads the parameters of a method that has none.
pub fn read_nothing(value: &Value) -> Result<(), JsonError> {
    match platform::kind(value) {
        Kind::Null => Ok(()),
        _ => Err(refused(value, "nothing")),
    }
}

#[inline(never)]
fn refused(value: &Value, expected: &str) -> JsonError {
    let found = match platform::kind(value) {
        Kind::Null => "null",
        Kind::Flag => "a boolean",
        Kind::Number => "a number",
        Kind::Text => "a string",
        Kind::Array => "an array",
        Kind::Object => "an object",
    };
    JsonError(["expected ", expected, ", found ", found].concat())
}

#[inline(never)]
fn integer(value: &Value, low: i64, high: i64) -> Result<i64, JsonError> {
    platform::integer(value)
        .filter(|number| (low..=high).contains(number))
        .ok_or_else(|| refused(value, "a whole number"))
}

/// Hands out the items of an array.
fn each(
    value: &Value,
    take: &mut dyn FnMut(&Value) -> Result<(), JsonError>,
) -> Result<(), JsonError> {
    if platform::kind(value) != Kind::Array {
        return Err(refused(value, "an array"));
    }
    platform::items(value).iter().try_for_each(take)
}

/// Hands out the pairs of an object.
fn pairs(
    value: &Value,
    take: &mut dyn FnMut(String, &Value) -> Result<(), JsonError>,
) -> Result<(), JsonError> {
    if platform::kind(value) != Kind::Object {
        return Err(refused(value, "an object"));
    }
    let mut entries = platform::entries(value).into_iter();
    entries.try_for_each(|(key, value)| take(key, &value))
}

impl Read for String {
    fn blank() -> Self {
        String::new()
    }

    fn read(&mut self, value: &Value) -> Result<(), JsonError> {
        *self = platform::text(value).ok_or_else(|| refused(value, "a string"))?;
        Ok(())
    }
}

/// As it is.
impl Read for Value {
    fn blank() -> Self {
        platform::null()
    }

    fn read(&mut self, value: &Value) -> Result<(), JsonError> {
        *self = value.clone();
        Ok(())
    }
}

impl Read for bool {
    fn blank() -> Self {
        false
    }

    fn read(&mut self, value: &Value) -> Result<(), JsonError> {
        *self = platform::flag(value).ok_or_else(|| refused(value, "a boolean"))?;
        Ok(())
    }
}

impl Read for f64 {
    fn blank() -> Self {
        0.0
    }

    fn read(&mut self, value: &Value) -> Result<(), JsonError> {
        *self = platform::number(value).ok_or_else(|| refused(value, "a number"))?;
        Ok(())
    }
}

macro_rules! read_integers {
    ($($type:ty: $low:expr, $high:expr;)*) => {$(
        impl Read for $type {
            fn blank() -> Self {
                0
            }

            fn read(&mut self, value: &Value) -> Result<(), JsonError> {
                *self = integer(value, $low, $high)? as $type;
                Ok(())
            }
        }
    )*};
}

read_integers! {
    i32: i32::MIN.into(), i32::MAX.into();
    i64: i64::MIN, i64::MAX;
    u32: 0, u32::MAX.into();
    u64: 0, i64::MAX;
}

impl<T: Read> Read for Option<T> {
    fn blank() -> Self {
        None
    }

    fn read(&mut self, value: &Value) -> Result<(), JsonError> {
        *self = match platform::kind(value) {
            Kind::Null => None,
            _ => Some(super::from_value(value)?),
        };
        Ok(())
    }
}

impl<T: Read> Read for Box<T> {
    fn blank() -> Self {
        Box::new(T::blank())
    }

    fn read(&mut self, value: &Value) -> Result<(), JsonError> {
        (**self).read(value)
    }
}

impl<T: Read> Read for Vec<T> {
    fn blank() -> Self {
        Vec::new()
    }

    fn read(&mut self, value: &Value) -> Result<(), JsonError> {
        each(value, &mut |item| {
            self.push(super::from_value(item)?);
            Ok(())
        })
    }
}

impl<T: Read> Read for Map<String, T> {
    fn blank() -> Self {
        Map::new()
    }

    fn read(&mut self, value: &Value) -> Result<(), JsonError> {
        pairs(value, &mut |key, item| {
            self.insert(key, super::from_value(item)?);
            Ok(())
        })
    }
}
