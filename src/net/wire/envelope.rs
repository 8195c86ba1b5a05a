//! The envelope of every binary frame as gob, the server's default encoding (wire.md §2.3).
//!
//! A frame is two gob messages: the definition of the struct (field names and kinds), then its value
//! as (field delta, value) pairs. The decoder goes by the names of the definition it was sent, so that
//! neither the order of fields nor the type's number matter; the encoder always sends the same bytes
//! of definition. No input makes the decoder panic.

/// Client to server.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// One of [`super::req`].
    pub req_identifier: i32,
    /// Not read by the server.
    pub token: String,
    /// Must be the connected user.
    pub send_id: String,
    /// For tracing; not empty.
    pub operation_id: String,
    /// Comes back in the answer; not empty.
    pub msg_incr: String,
    /// Protobuf of the request message.
    pub data: Vec<u8>,
}

/// Server to client: an answer, or a push if `msg_incr` is empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Response {
    /// One of [`super::req`].
    pub req_identifier: i32,
    /// That of the request; empty for pushes.
    pub msg_incr: String,
    /// That of the request.
    pub operation_id: String,
    /// 0, or a code of the server (wire.md §9.1).
    pub err_code: i32,
    /// Short name of the code.
    pub err_msg: String,
    /// Protobuf of the answer; empty where there is none.
    pub data: Vec<u8>,
}

/// The bytes are not an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireError {
    /// The frame ends inside a value.
    Truncated,
    /// A number that does not fit, or a length beyond the frame.
    Overflow,
    /// The two messages are not a struct definition and a value of it.
    Shape,
    /// A field of an envelope has another kind than it must have.
    Kind,
    /// Text that is not UTF-8.
    Text,
}

/// Kinds of fields, by their number in gob.
const INT: i64 = 2;
const BYTES: i64 = 5;
const STRING: i64 = 6;

/// The number our definitions carry: the first that is not built in.
const TYPE_ID: i64 = 65;

/// A field of a definition: name and kind.
type Field = (&'static str, i64);

const REQUEST: (&str, [Field; 6]) = (
    "GeneralWsReq",
    [
        ("ReqIdentifier", INT),
        ("Token", STRING),
        ("SendID", STRING),
        ("OperationID", STRING),
        ("MsgIncr", STRING),
        ("Data", BYTES),
    ],
);

const RESPONSE: (&str, [Field; 6]) = (
    "Resp",
    [
        ("ReqIdentifier", INT),
        ("MsgIncr", STRING),
        ("OperationID", STRING),
        ("ErrCode", INT),
        ("ErrMsg", STRING),
        ("Data", BYTES),
    ],
);

impl Request {
    /// One binary frame.
    pub fn encode_gob(&self) -> Vec<u8> {
        let mut value = ValueWriter::new();
        value.int(0, self.req_identifier);
        value.bytes(1, self.token.as_bytes());
        value.bytes(2, self.send_id.as_bytes());
        value.bytes(3, self.operation_id.as_bytes());
        value.bytes(4, self.msg_incr.as_bytes());
        value.bytes(5, &self.data);
        frame(REQUEST.0, &REQUEST.1, value)
    }

    /// Reads one binary frame.
    pub fn decode_gob(frame: &[u8]) -> Result<Self, WireError> {
        let mut request = Self::default();
        read_frame(frame, |name, value| {
            match name {
                b"ReqIdentifier" => request.req_identifier = value.int()?,
                b"Token" => request.token = value.text()?,
                b"SendID" => request.send_id = value.text()?,
                b"OperationID" => request.operation_id = value.text()?,
                b"MsgIncr" => request.msg_incr = value.text()?,
                b"Data" => request.data = value.bytes()?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(request)
    }
}

impl Response {
    /// One binary frame.
    pub fn encode_gob(&self) -> Vec<u8> {
        let mut value = ValueWriter::new();
        value.int(0, self.req_identifier);
        value.bytes(1, self.msg_incr.as_bytes());
        value.bytes(2, self.operation_id.as_bytes());
        value.int(3, self.err_code);
        value.bytes(4, self.err_msg.as_bytes());
        value.bytes(5, &self.data);
        frame(RESPONSE.0, &RESPONSE.1, value)
    }

    /// Reads one binary frame.
    pub fn decode_gob(frame: &[u8]) -> Result<Self, WireError> {
        let mut response = Self::default();
        read_frame(frame, |name, value| {
            match name {
                b"ReqIdentifier" => response.req_identifier = value.int()?,
                b"MsgIncr" => response.msg_incr = value.text()?,
                b"OperationID" => response.operation_id = value.text()?,
                b"ErrCode" => response.err_code = value.int()?,
                b"ErrMsg" => response.err_msg = value.text()?,
                b"Data" => response.data = value.bytes()?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(response)
    }
}

fn put_uint(out: &mut Vec<u8>, n: u64) {
    if n < 128 {
        out.push(n as u8);
        return;
    }
    let bytes = n.to_be_bytes();
    let used = 8 - n.leading_zeros() as usize / 8;
    out.push((256 - used) as u8);
    out.extend_from_slice(&bytes[8 - used..]);
}

fn put_int(out: &mut Vec<u8>, n: i64) {
    put_uint(out, ((n << 1) ^ (n >> 63)) as u64);
}

fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_uint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// A struct value: fields in ascending order, zero values left out.
struct ValueWriter {
    out: Vec<u8>,
    /// Number of the last field written, plus one.
    next: u64,
}

impl ValueWriter {
    fn new() -> Self {
        let mut out = Vec::new();
        put_int(&mut out, TYPE_ID);
        Self { out, next: 0 }
    }

    fn field(&mut self, number: u64) {
        put_uint(&mut self.out, number + 1 - self.next);
        self.next = number + 1;
    }

    fn int(&mut self, number: u64, n: i32) {
        if n != 0 {
            self.field(number);
            put_int(&mut self.out, i64::from(n));
        }
    }

    fn bytes(&mut self, number: u64, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.field(number);
            put_bytes(&mut self.out, bytes);
        }
    }
}

/// The definition message of a struct: -id, then a wireType whose field 2 is a structType.
fn definition(name: &str, fields: &[Field]) -> Vec<u8> {
    let mut out = Vec::new();
    put_int(&mut out, -TYPE_ID);
    out.extend_from_slice(&[3, 1, 1]);
    put_bytes(&mut out, name.as_bytes());
    out.push(1);
    put_int(&mut out, TYPE_ID);
    out.extend_from_slice(&[0, 1]);
    put_uint(&mut out, fields.len() as u64);
    for (name, kind) in fields {
        out.push(1);
        put_bytes(&mut out, name.as_bytes());
        out.push(1);
        put_int(&mut out, *kind);
        out.push(0);
    }
    out.extend_from_slice(&[0, 0]);
    out
}

fn frame(name: &str, fields: &[Field], value: ValueWriter) -> Vec<u8> {
    let definition = definition(name, fields);
    let mut value = value.out;
    value.push(0);
    let mut out = Vec::with_capacity(definition.len() + value.len() + 8);
    put_bytes(&mut out, &definition);
    put_bytes(&mut out, &value);
    out
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Result<u8, WireError> {
        let (&first, rest) = self.0.split_first().ok_or(WireError::Truncated)?;
        self.0 = rest;
        Ok(first)
    }

    fn uint(&mut self) -> Result<u64, WireError> {
        let first = self.byte()?;
        if first < 128 {
            return Ok(u64::from(first));
        }
        let count = 256 - usize::from(first);
        if count > 8 {
            return Err(WireError::Overflow);
        }
        (0..count).try_fold(0, |n, _| Ok(n << 8 | u64::from(self.byte()?)))
    }

    fn int(&mut self) -> Result<i64, WireError> {
        let n = self.uint()?;
        Ok((n >> 1) as i64 ^ -((n & 1) as i64))
    }

    fn bytes(&mut self) -> Result<&'a [u8], WireError> {
        let count = usize::try_from(self.uint()?).map_err(|_| WireError::Overflow)?;
        if count > self.0.len() {
            return Err(WireError::Truncated);
        }
        let (bytes, rest) = self.0.split_at(count);
        self.0 = rest;
        Ok(bytes)
    }

    /// The next field's number of a struct; `None` at its end.
    fn field(&mut self, last: &mut i64) -> Result<Option<i64>, WireError> {
        let delta = self.uint()?;
        if delta == 0 {
            return Ok(None);
        }
        let delta = i64::try_from(delta).map_err(|_| WireError::Overflow)?;
        *last = last.checked_add(delta).ok_or(WireError::Overflow)?;
        Ok(Some(*last))
    }
}

/// A value of a field.
enum Value<'a> {
    Int(i64),
    Bytes(&'a [u8]),
    Text(&'a [u8]),
}

impl Value<'_> {
    fn int(&self) -> Result<i32, WireError> {
        match self {
            Value::Int(n) => i32::try_from(*n).map_err(|_| WireError::Overflow),
            _ => Err(WireError::Kind),
        }
    }

    fn text(&self) -> Result<String, WireError> {
        match self {
            Value::Text(bytes) => String::from_utf8(bytes.to_vec()).map_err(|_| WireError::Text),
            _ => Err(WireError::Kind),
        }
    }

    fn bytes(&self) -> Result<Vec<u8>, WireError> {
        match self {
            Value::Bytes(bytes) => Ok(bytes.to_vec()),
            _ => Err(WireError::Kind),
        }
    }
}

/// Reads definition and value, and hands each field over by name.
fn read_frame(
    frame: &[u8],
    mut take: impl FnMut(&[u8], Value<'_>) -> Result<(), WireError>,
) -> Result<(), WireError> {
    let mut frame = Reader(frame);
    let mut definition = Reader(frame.bytes()?);
    let id = definition.int()?;
    if id >= 0 {
        return Err(WireError::Shape);
    }
    let fields = read_definition(&mut definition)?;
    let mut value = Reader(frame.bytes()?);
    if Some(value.int()?) != id.checked_neg() {
        return Err(WireError::Shape);
    }
    let mut last = -1;
    while let Some(number) = value.field(&mut last)? {
        let field = usize::try_from(number).ok().and_then(|n| fields.get(n));
        let (name, kind) = field.ok_or(WireError::Shape)?;
        let value = match *kind {
            INT => Value::Int(value.int()?),
            BYTES => Value::Bytes(value.bytes()?),
            STRING => Value::Text(value.bytes()?),
            // bool, uint, float: a number each; nothing an envelope needs.
            1 | 3 | 4 => {
                value.uint()?;
                continue;
            }
            _ => return Err(WireError::Kind),
        };
        take(name, value)?;
    }
    Ok(())
}

/// Field names and kinds of a wireType that is a struct.
fn read_definition<'a>(r: &mut Reader<'a>) -> Result<Vec<(&'a [u8], i64)>, WireError> {
    let mut wire_type = -1;
    let mut fields = Vec::new();
    while let Some(number) = r.field(&mut wire_type)? {
        if number != 2 {
            return Err(WireError::Shape);
        }
        let mut struct_type = -1;
        while let Some(number) = r.field(&mut struct_type)? {
            match number {
                0 => drop(read_named(r)?),
                1 => {
                    let count = r.uint()?;
                    for _ in 0..count {
                        fields.push(read_named(r)?);
                    }
                }
                _ => return Err(WireError::Shape),
            }
        }
    }
    Ok(fields)
}

/// A struct of a name (field 0) and a type number (field 1).
fn read_named<'a>(r: &mut Reader<'a>) -> Result<(&'a [u8], i64), WireError> {
    let (mut name, mut id) = (&[][..], 0);
    let mut last = -1;
    while let Some(number) = r.field(&mut last)? {
        match number {
            0 => name = r.bytes()?,
            1 => id = r.int()?,
            _ => return Err(WireError::Shape),
        }
    }
    Ok((name, id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        let bytes = text.split_whitespace();
        bytes.map(|b| u8::from_str_radix(b, 16).unwrap()).collect()
    }

    const REQ_DEFINITION: &str = "5d ff 81 03 01 01 03 52 65 71 01 ff 82 00 01 06 01 0d 52 65 71 49 64 65 6e 74 69 66 69 65 72 01 04 00 01 05 54 6f 6b 65 6e 01 0c 00 01 06 53 65 6e 64 49 44 01 0c 00 01 0b 4f 70 65 72 61 74 69 6f 6e 49 44 01 0c 00 01 07 4d 73 67 49 6e 63 72 01 0c 00 01 04 44 61 74 61 01 0a 00 00 00";
    const RESP_DEFINITION: &str = "60 ff 81 03 01 01 04 52 65 73 70 01 ff 82 00 01 06 01 0d 52 65 71 49 64 65 6e 74 69 66 69 65 72 01 04 00 01 07 4d 73 67 49 6e 63 72 01 0c 00 01 0b 4f 70 65 72 61 74 69 6f 6e 49 44 01 0c 00 01 07 45 72 72 43 6f 64 65 01 04 00 01 06 45 72 72 4d 73 67 01 0c 00 01 04 44 61 74 61 01 0a 00 00 00";

    fn response() -> Response {
        Response {
            req_identifier: 1001,
            msg_incr: "u1_1".into(),
            operation_id: "op1".into(),
            data: hex("0a 0b 0a 07 73 69 5f 75 31 5f 75 32 10 05"),
            ..Default::default()
        }
    }

    #[test]
    fn requests_have_the_bytes_of_the_server() {
        let request = Request {
            req_identifier: 1001,
            send_id: "u1".into(),
            operation_id: "op1".into(),
            msg_incr: "u1_1".into(),
            data: hex("0a 02 75 31"),
            ..Default::default()
        };
        let value = "1c ff 82 01 fe 07 d2 02 02 75 31 01 03 6f 70 31 01 04 75 31 5f 31 01 04 0a 02 75 31 00";
        let known = hex(&[REQ_DEFINITION, value].join(" "));
        assert_eq!(Request::decode_gob(&known), Ok(request.clone()));
        let encoded = request.encode_gob();
        assert_eq!(encoded[0], 0x66, "the name is longer, nothing else");
        assert!(encoded.ends_with(&hex(value)));
        assert_eq!(Request::decode_gob(&encoded), Ok(request));
    }

    #[test]
    fn responses_have_the_bytes_of_the_server() {
        for (value, response) in [
            (
                "0f ff 82 01 fe 0f a2 02 03 6f 70 32 03 01 01 00",
                Response {
                    req_identifier: 2001,
                    operation_id: "op2".into(),
                    data: vec![1],
                    ..Default::default()
                },
            ),
            (
                "14 ff 82 01 fe 07 d6 01 01 69 01 01 6f 01 fe 0a f4 01 01 6d 00",
                Response {
                    req_identifier: 1003,
                    msg_incr: "i".into(),
                    operation_id: "o".into(),
                    err_code: 1402,
                    err_msg: "m".into(),
                    data: Vec::new(),
                },
            ),
        ] {
            let known = hex(&[RESP_DEFINITION, value].join(" "));
            assert_eq!(Response::decode_gob(&known), Ok(response.clone()));
            assert_eq!(response.encode_gob(), known);
        }
    }

    #[test]
    fn no_input_panics() {
        let frame = response().encode_gob();
        for cut in 0..frame.len() {
            assert!(Response::decode_gob(&frame[..cut]).is_err(), "cut at {cut}");
        }
        let mut random = 1_u64;
        for _ in 0..20_000 {
            let mut bytes = frame.clone();
            for _ in 0..3 {
                random = random
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                let at = (random >> 33) as usize % bytes.len();
                bytes[at] = (random >> 16) as u8;
            }
            let _ = Response::decode_gob(&bytes);
            let _ = Request::decode_gob(&bytes);
        }
    }

    #[test]
    fn numbers_of_every_size_come_back() {
        for n in [0, 1, 127, 128, 255, 256, 1 << 20, i32::MAX, -1, i32::MIN] {
            let response = Response {
                err_code: n,
                ..response()
            };
            assert_eq!(Response::decode_gob(&response.encode_gob()), Ok(response));
        }
    }
}
