//! PROTOBUF: the messages of the gateway and the rows of the database (the encoding: wire.md §5).
//!
//! What is compiled for a type is the table of its tags and the list of its fields; reading and writing
//! are here, once. prost's own derive compiles both for every field of every type: 6 KB of the
//! download. The notation is prost's, and the tests compare with it.
//!
//! Unknown fields are passed over. Empty values are not written, as in proto3. Integers are plain varints.
use std::fmt;

pub use openim_web_derive::Message;

/// What is read and written as a protobuf message; derived for structs.
pub trait Message {
    /// Takes over what the bytes say; what they are silent about stays.
    fn merge(&mut self, bytes: &[u8]) -> Result<(), DecodeError>;

    /// Adds the fields.
    fn write(&self, out: &mut Vec<u8>);

    /// Reads a message.
    fn decode(bytes: &[u8]) -> Result<Self, DecodeError>
    where
        Self: Default,
    {
        let mut message = Self::default();
        message.merge(bytes)?;
        Ok(message)
    }

    /// The message as bytes.
    fn encode_to_vec(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out);
        out
    }
}

/// An answer without fields.
impl Message for () {
    fn merge(&mut self, bytes: &[u8]) -> Result<(), DecodeError> {
        read_fields(bytes, &[], &mut [])
    }

    fn write(&self, _: &mut Vec<u8>) {}
}

/// The bytes are not a message of this type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeError(&'static str);

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for DecodeError {}

const CUT_OFF: DecodeError = DecodeError("the bytes end within a field");
const WRONG_TYPE: DecodeError = DecodeError("a field is of another type");

/// A value as it is on the wire.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// A varint.
    Number(u64),
    /// What has a length: text, bytes, a message, a packed list.
    Bytes(&'a [u8]),
    /// Four or eight bytes; nothing here is of that type.
    Fixed,
}

/// A field of a message.
pub trait Field {
    /// Takes over a value, or adds it to a list.
    fn read(&mut self, value: Value<'_>) -> Result<(), DecodeError>;

    /// Adds itself, unless it is empty.
    fn write(&self, tag: u8, out: &mut Vec<u8>);
}

/// Reads fields in the order of their tags.
pub fn read_fields(
    mut bytes: &[u8],
    tags: &[u8],
    fields: &mut [&mut dyn Field],
) -> Result<(), DecodeError> {
    while !bytes.is_empty() {
        let (tag, value) = next_field(&mut bytes)?;
        if let Some(at) = tags.iter().position(|own| u64::from(*own) == tag) {
            fields[at].read(value)?;
        }
    }
    Ok(())
}

/// Writes fields in the order of their tags.
pub fn write_fields(out: &mut Vec<u8>, tags: &[u8], fields: &[&dyn Field]) {
    for (tag, field) in tags.iter().zip(fields) {
        field.write(*tag, out);
    }
}

/// Takes a field off the front: its tag and value.
fn next_field<'a>(bytes: &mut &'a [u8]) -> Result<(u64, Value<'a>), DecodeError> {
    let key = read_varint(bytes)?;
    let value = match key & 7 {
        0 => Value::Number(read_varint(bytes)?),
        1 => fixed(bytes, 8)?,
        2 => Value::Bytes(delimited(bytes)?),
        5 => fixed(bytes, 4)?,
        _ => return Err(WRONG_TYPE),
    };
    Ok((key >> 3, value))
}

fn fixed<'a>(bytes: &mut &[u8], length: usize) -> Result<Value<'a>, DecodeError> {
    *bytes = bytes.get(length..).ok_or(CUT_OFF)?;
    Ok(Value::Fixed)
}

/// Takes bytes with their length before them off the front.
pub fn delimited<'a>(bytes: &mut &'a [u8]) -> Result<&'a [u8], DecodeError> {
    let length = usize::try_from(read_varint(bytes)?).map_err(|_| CUT_OFF)?;
    let (taken, rest) = bytes.split_at_checked(length).ok_or(CUT_OFF)?;
    *bytes = rest;
    Ok(taken)
}

/// Adds a message with its length before it.
pub fn write_delimited(message: &dyn Message, out: &mut Vec<u8>) {
    let begin = out.len();
    message.write(out);
    // The length is known now. Its place is made by moving what is short.
    let mut length = Vec::new();
    write_varint((out.len() - begin) as u64, &mut length);
    out.splice(begin..begin, length);
}

fn read_varint(bytes: &mut &[u8]) -> Result<u64, DecodeError> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first().ok_or(CUT_OFF)?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(DecodeError("a number is too long"))
}

fn write_varint(mut number: u64, out: &mut Vec<u8>) {
    while number > 0x7f {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn write_number(tag: u8, number: u64, out: &mut Vec<u8>) {
    if number != 0 {
        write_varint(u64::from(tag) << 3, out);
        write_varint(number, out);
    }
}

fn write_key(tag: u8, out: &mut Vec<u8>) {
    write_varint(u64::from(tag) << 3 | 2, out);
}

fn write_bytes(tag: u8, bytes: &[u8], out: &mut Vec<u8>) {
    write_key(tag, out);
    write_varint(bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}

fn number(value: Value<'_>) -> Result<u64, DecodeError> {
    match value {
        Value::Number(number) => Ok(number),
        _ => Err(WRONG_TYPE),
    }
}

fn bytes(value: Value<'_>) -> Result<&[u8], DecodeError> {
    match value {
        Value::Bytes(bytes) => Ok(bytes),
        _ => Err(WRONG_TYPE),
    }
}

fn text(value: Value<'_>) -> Result<String, DecodeError> {
    let text = std::str::from_utf8(bytes(value)?);
    let text = text.map_err(|_| DecodeError("a text is not UTF-8"))?;
    Ok(text.to_owned())
}

/// Numbers of a list, packed or one by one.
fn numbers(value: Value<'_>, take: &mut dyn FnMut(u64)) -> Result<(), DecodeError> {
    match value {
        Value::Number(number) => take(number),
        Value::Bytes(mut bytes) => {
            while !bytes.is_empty() {
                take(read_varint(&mut bytes)?);
            }
        }
        Value::Fixed => return Err(WRONG_TYPE),
    }
    Ok(())
}

fn write_packed(tag: u8, numbers: &mut dyn Iterator<Item = u64>, out: &mut Vec<u8>) {
    let mut packed = Vec::new();
    numbers.for_each(|number| write_varint(number, &mut packed));
    if !packed.is_empty() {
        write_bytes(tag, &packed, out);
    }
}

macro_rules! number_fields {
    ($($type:ty),*) => {$(
        impl Field for $type {
            fn read(&mut self, value: Value<'_>) -> Result<(), DecodeError> {
                *self = number(value)? as $type;
                Ok(())
            }

            fn write(&self, tag: u8, out: &mut Vec<u8>) {
                // A negative number of 32 bits has the sign of 64 on the wire.
                write_number(tag, *self as i64 as u64, out);
            }
        }
    )*};
}

number_fields!(i32, i64, u32, u64);

macro_rules! number_lists {
    ($($type:ty),*) => {$(
        impl Field for Vec<$type> {
            fn read(&mut self, value: Value<'_>) -> Result<(), DecodeError> {
                numbers(value, &mut |number| self.push(number as $type))
            }

            fn write(&self, tag: u8, out: &mut Vec<u8>) {
                write_packed(tag, &mut self.iter().map(|number| *number as i64 as u64), out);
            }
        }
    )*};
}

number_lists!(i32, i64);

impl Field for bool {
    fn read(&mut self, value: Value<'_>) -> Result<(), DecodeError> {
        *self = number(value)? != 0;
        Ok(())
    }

    fn write(&self, tag: u8, out: &mut Vec<u8>) {
        write_number(tag, u64::from(*self), out);
    }
}

impl Field for String {
    fn read(&mut self, value: Value<'_>) -> Result<(), DecodeError> {
        *self = text(value)?;
        Ok(())
    }

    fn write(&self, tag: u8, out: &mut Vec<u8>) {
        if !self.is_empty() {
            write_bytes(tag, self.as_bytes(), out);
        }
    }
}

impl Field for Vec<u8> {
    fn read(&mut self, value: Value<'_>) -> Result<(), DecodeError> {
        *self = bytes(value)?.to_vec();
        Ok(())
    }

    fn write(&self, tag: u8, out: &mut Vec<u8>) {
        if !self.is_empty() {
            write_bytes(tag, self, out);
        }
    }
}

impl Field for Vec<String> {
    fn read(&mut self, value: Value<'_>) -> Result<(), DecodeError> {
        self.push(text(value)?);
        Ok(())
    }

    fn write(&self, tag: u8, out: &mut Vec<u8>) {
        for text in self {
            write_bytes(tag, text.as_bytes(), out);
        }
    }
}

fn write_message(tag: u8, message: &dyn Message, out: &mut Vec<u8>) {
    write_key(tag, out);
    write_delimited(message, out);
}

/// One that is always there: written also if it is empty.
impl<M: Message> Field for M {
    fn read(&mut self, value: Value<'_>) -> Result<(), DecodeError> {
        self.merge(bytes(value)?)
    }

    fn write(&self, tag: u8, out: &mut Vec<u8>) {
        write_message(tag, self, out);
    }
}

impl<M: Message + Default> Field for Option<M> {
    fn read(&mut self, value: Value<'_>) -> Result<(), DecodeError> {
        self.get_or_insert_default().merge(bytes(value)?)
    }

    fn write(&self, tag: u8, out: &mut Vec<u8>) {
        if let Some(message) = self {
            write_message(tag, message, out);
        }
    }
}

impl<M: Message + Default> Field for Vec<M> {
    fn read(&mut self, value: Value<'_>) -> Result<(), DecodeError> {
        self.push(M::decode(bytes(value)?)?);
        Ok(())
    }

    fn write(&self, tag: u8, out: &mut Vec<u8>) {
        for message in self {
            write_message(tag, message, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rt::Runtime as _;
    use crate::rt::sim::SimRuntime;

    /// The same types with our derive and with prost's.
    macro_rules! both {
        ($($(#[$of:meta])* struct $name:ident { $($(#[$at:meta])* $field:ident: $type:ty,)* })*) => {
            mod ours {
                use super::super::Message;
                $(#[derive(Clone, Debug, Default, PartialEq, Message)]
                pub(super) struct $name { $($(#[$at])* pub(super) $field: $type,)* })*
            }

            mod theirs {
                use prost::Message;
                $(#[derive(Clone, PartialEq, Message)]
                pub(super) struct $name { $($(#[$at])* pub(super) $field: $type,)* })*
            }
        };
    }

    both! {
        struct Inner {
            #[prost(string, tag = "1")]
            text: String,
            #[prost(int64, repeated, tag = "200")]
            list: Vec<i64>,
        }
        struct All {
            #[prost(string, tag = "1")]
            text: String,
            #[prost(bool, tag = "2")]
            flag: bool,
            #[prost(int32, tag = "3")]
            small: i32,
            #[prost(int64, tag = "4")]
            large: i64,
            #[prost(uint32, tag = "5")]
            count: u32,
            #[prost(uint64, tag = "16")]
            version: u64,
            #[prost(bytes = "vec", tag = "17")]
            bytes: Vec<u8>,
            #[prost(string, repeated, tag = "18")]
            texts: Vec<String>,
            #[prost(int32, repeated, tag = "19")]
            smalls: Vec<i32>,
            #[prost(int64, repeated, tag = "20")]
            larges: Vec<i64>,
            #[prost(message, optional, tag = "21")]
            maybe: Option<Inner>,
            #[prost(message, repeated, tag = "22")]
            inners: Vec<Inner>,
            #[prost(message, required, tag = "23")]
            always: Inner,
        }
    }

    /// Some value, empty ones and the ends of the ranges among them.
    struct Dice(std::rc::Rc<SimRuntime>);

    impl Dice {
        fn number(&self) -> i64 {
            let bits = self.0.random();
            match bits % 4 {
                0 => 0,
                1 => (bits >> 8) as i64 % 200,
                2 => i64::MIN,
                _ => self.0.random() as i64,
            }
        }

        fn many<T>(&self, make: impl Fn() -> T) -> Vec<T> {
            (0..self.number().unsigned_abs() % 4)
                .map(|_| make())
                .collect()
        }

        fn text(&self) -> String {
            "aé".repeat(self.number().unsigned_abs() as usize % 150)
        }

        fn inner(&self) -> ours::Inner {
            ours::Inner {
                text: self.text(),
                list: self.many(|| self.number()),
            }
        }

        fn all(&self) -> ours::All {
            ours::All {
                text: self.text(),
                flag: self.number() == 0,
                small: self.number() as i32,
                large: self.number(),
                count: self.number() as u32,
                version: self.number() as u64,
                bytes: self.text().into_bytes(),
                texts: self.many(|| self.text()),
                smalls: self.many(|| self.number() as i32),
                larges: self.many(|| self.number()),
                maybe: (self.number() == 0).then(|| self.inner()),
                inners: self.many(|| self.inner()),
                always: self.inner(),
            }
        }
    }

    fn theirs(of: &ours::All) -> theirs::All {
        let inner = |of: &ours::Inner| theirs::Inner {
            text: of.text.clone(),
            list: of.list.clone(),
        };
        theirs::All {
            text: of.text.clone(),
            flag: of.flag,
            small: of.small,
            large: of.large,
            count: of.count,
            version: of.version,
            bytes: of.bytes.clone(),
            texts: of.texts.clone(),
            smalls: of.smalls.clone(),
            larges: of.larges.clone(),
            maybe: of.maybe.as_ref().map(inner),
            inners: of.inners.iter().map(inner).collect(),
            always: inner(&of.always),
        }
    }

    #[test]
    fn the_bytes_are_those_of_prost_and_are_read_back() {
        let dice = Dice(SimRuntime::new(7));
        for _ in 0..2_000 {
            let message = dice.all();
            let bytes = message.encode_to_vec();
            assert_eq!(bytes, prost::Message::encode_to_vec(&theirs(&message)));
            assert_eq!(ours::All::decode(&bytes), Ok(message));
        }
    }

    #[test]
    fn damaged_bytes_are_read_as_prost_reads_them_or_refused() {
        let dice = Dice(SimRuntime::new(8));
        for _ in 0..5_000 {
            let mut bytes = dice.all().encode_to_vec();
            let at = dice.0.random() as usize % bytes.len();
            match dice.0.random() % 3 {
                0 => bytes.truncate(at),
                1 => bytes[at] ^= 1 << (dice.0.random() % 8),
                _ => bytes.insert(at, dice.0.random() as u8),
            }
            let Ok(read) = ours::All::decode(&bytes) else {
                continue;
            };
            // prost refuses tag 0 and groups more strictly; what both read is the same.
            if let Ok(expected) = <theirs::All as prost::Message>::decode(bytes.as_slice()) {
                assert_eq!(theirs(&read), expected);
            }
        }
    }

    #[test]
    fn what_is_unknown_is_passed_over_and_what_is_wrong_is_told() {
        let known = ours::Inner {
            text: "a".into(),
            list: vec![],
        };
        // Tags 9 to 12: a varint, eight bytes, bytes, four bytes.
        let unknown = [
            0x48, 0x80, 0x01, 0x51, 1, 2, 3, 4, 5, 6, 7, 8, 0x5a, 1, 0, 0x65, 1, 2, 3, 4,
        ];
        let bytes = [&unknown[..], &known.encode_to_vec()].concat();
        assert_eq!(ours::Inner::decode(&bytes), Ok(known));
        for (bytes, error) in [
            (&[0x0a, 2, b'a'][..], CUT_OFF),
            (&[0x08, 1], WRONG_TYPE),
            (&[0x0a, 1, 0xff], DecodeError("a text is not UTF-8")),
            (&[0x0d, 1, 2, 3, 4], WRONG_TYPE),
            (&[0x48, 0x80], CUT_OFF),
            (&[0xff; 11], DecodeError("a number is too long")),
        ] {
            assert_eq!(ours::Inner::decode(bytes), Err(error), "{bytes:?}");
        }
    }
}
