//! Encrypting what a browser is pushed, so that its push service cannot read it (RFC 8291, in the coding `aes128gcm` of
//! RFC 8188). One record, whose keys are made for it and for nothing else.

use ring::{
    aead::{AES_128_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral},
    error::Unspecified,
    hkdf::{HKDF_SHA256, KeyType, Salt},
    rand::SystemRandom,
};

/// Bytes of a public key: an uncompressed point of P-256.
pub(super) const KEY_LEN: usize = 65;
/// Bytes of the secret that browser and server share.
pub(super) const AUTH_LEN: usize = 16;
/// Size of a record, which push services must take whole.
const RECORD: u32 = 4_096;
/// Marks the last record.
const LAST: u8 = 2;

/// Whose browser it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    /// Its public key.
    pub key: &'a [u8],
    /// Its secret.
    pub auth: &'a [u8],
}

/// Whether the key is a point of the curve, so that something can be encrypted for it.
pub(super) fn is_key(key: &[u8]) -> bool {
    key.len() == KEY_LEN && seal(Reader { key, auth: &[0; AUTH_LEN] }, [0; 16], b"").is_ok()
}

/// Encrypts a content of at most some 3,900 bytes. The key of the other side is made here by the library, which gives such a
/// key away only for one use; hence its own randomness instead of the port's.
pub(super) fn seal(reader: Reader<'_>, salt: [u8; 16], content: &[u8]) -> Result<Vec<u8>, Unspecified> {
    let own = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new())?;
    let public = own.compute_public_key()?;
    let peer = UnparsedPublicKey::new(&ECDH_P256, reader.key);
    agree_ephemeral(own, &peer, |shared| record(shared, reader, public.as_ref(), salt, content))?
}

fn record(
    shared: &[u8],
    reader: Reader<'_>,
    public: &[u8],
    salt: [u8; 16],
    content: &[u8],
) -> Result<Vec<u8>, Unspecified> {
    let about = [&b"WebPush: info\0"[..], reader.key, public].concat();
    let secret: [u8; 32] = derive(reader.auth, shared, &about)?;
    let key: [u8; 16] = derive(&salt, &secret, b"Content-Encoding: aes128gcm\0")?;
    let nonce: [u8; NONCE_LEN] = derive(&salt, &secret, b"Content-Encoding: nonce\0")?;
    let mut sealed = [content, &[LAST]].concat();
    LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key)?).seal_in_place_append_tag(
        Nonce::assume_unique_for_key(nonce),
        Aad::empty(),
        &mut sealed,
    )?;
    let length = u8::try_from(public.len()).map_err(|_| Unspecified)?;
    Ok([&salt[..], &RECORD.to_be_bytes(), &[length], public, &sealed].concat())
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn derive<const N: usize>(salt: &[u8], secret: &[u8], about: &[u8]) -> Result<[u8; N], Unspecified> {
    let mut derived = [0; N];
    let key = Salt::new(HKDF_SHA256, salt).extract(secret);
    key.expand(&[about], Length(N))?.fill(&mut derived)?;
    Ok(derived)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

    fn bytes(text: &str) -> Vec<u8> {
        BASE64_URL_SAFE_NO_PAD.decode(text).expect(text)
    }

    /// The example of RFC 8291, section 5, with the shared secret of its appendix A.
    #[test]
    fn the_example_of_the_standard_comes_out() {
        let key =
            bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4");
        let auth = bytes("BTBZMqHH6r4Tts7J_aSIgg");
        let public =
            bytes("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8");
        let shared = bytes("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs");
        let salt: [u8; 16] = bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().expect("16 bytes");
        let reader = Reader { key: &key, auth: &auth };
        let content = b"When I grow up, I want to be a watermelon";
        let sealed = record(&shared, reader, &public, salt, content).expect("sealed");
        let expected = bytes(
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
        );
        assert_eq!(sealed, expected);
    }

    #[test]
    fn only_points_of_the_curve_are_keys() {
        let mut key =
            bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4");
        assert!(is_key(&key));
        key[64] ^= 1;
        assert!(!is_key(&key));
        assert!(!is_key(&[4; 65]) && !is_key(&[4; 33]) && !is_key(&[]));
    }

    #[test]
    fn the_same_content_is_never_the_same_twice() {
        let key =
            bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4");
        let reader = Reader { key: &key, auth: &[7; AUTH_LEN] };
        let sealed = || seal(reader, [1; 16], b"hello").expect("sealed");
        let one = sealed();
        assert_ne!(one, sealed());
        assert_eq!(one.len(), 16 + 4 + 1 + KEY_LEN + "hello".len() + 1 + 16);
    }
}
