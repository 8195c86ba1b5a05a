//! Files of the application: held, uploaded; the database as a file (api.md §2).
use crate::method;
use crate::rt::json::{Read, Value, Write};

/// What to upload, and under which name.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct UploadFileParams {
    /// In the storage; the user's ID is put in front.
    pub name: String,
    /// MIME type.
    #[serde(default, rename = "contentType")]
    pub content_type: String,
    /// Names the upload in its events, with the file's name behind.
    #[serde(default)]
    pub uuid: String,
    /// Without it: the file that `fileMapSet` holds under `uuid`.
    #[serde(default)]
    #[cfg_attr(test, ts(optional, type = "File"))]
    pub file: Option<Value>,
    /// Not used.
    #[serde(default)]
    #[cfg_attr(test, ts(optional))]
    pub filepath: Option<String>,
    /// Not used.
    #[serde(default)]
    #[cfg_attr(test, ts(optional))]
    pub cause: Option<String>,
}

/// Uploads a file; resolves with its lasting address.
///
/// A broken network is waited out for a minute without progress; a later call with the same file goes on
/// with the parts that are missing. `fileMapSet` with the upload's uuid and without a file ends it.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct UploadFile(pub UploadFileParams);
method!(UploadFile, "uploadFile" -> UploadedInline);

/// Reply of `uploadFile`.
#[derive(Clone, Debug, Write)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct UploadedInline(#[cfg_attr(test, ts(type = "{ url: string }"))] pub Uploaded);

/// Where an uploaded file is.
#[derive(Clone, Debug, Write)]
pub struct Uploaded {
    pub url: String,
}

/// Holds a file under a uuid until the logout. Without a file: lets go of it, and ends its upload.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FileMapSet(#[cfg_attr(test, ts(type = "string, file: File"))] pub Value);
method!(FileMapSet, "fileMapSet" -> AnyInline);

/// A value of no type.
#[derive(Debug, Write)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AnyInline(#[cfg_attr(test, ts(type = "any"))] pub Value);

/// The user's data on this device as a file: the promise resolves with a `blob:` address.
///
/// The file has a line of JSON for every conversation, message, friend, group … Revoke the address when
/// it is not needed any more.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ExportDb;
method!(ExportDb, "exportDB" -> UnknownInline);

/// Pieces of text, which the front puts together to a file.
#[derive(Debug, Write)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct UnknownInline(#[cfg_attr(test, ts(type = "unknown"))] pub Vec<String>);
