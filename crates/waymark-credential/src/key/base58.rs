//! base58btc, the alphabet behind the multibase prefix `z` (CID 1.0 §2.4).

const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

const NO_DIGIT: u8 = u8::MAX;

/// The digit that a character stands for.
const DIGITS: [u8; 256] = {
    let mut digits = [NO_DIGIT; 256];
    let mut digit = 0;
    while digit < ALPHABET.len() {
        digits[ALPHABET[digit] as usize] = digit as u8;
        digit += 1;
    }
    digits
};

/// Digits of `bytes`; every leading zero byte becomes a leading `1`. Quadratic in length: meant for keys and signatures.
pub fn encode(bytes: &[u8]) -> String {
    let zeros = bytes.iter().take_while(|&&b| b == 0).count();
    // Limbs of base 58^5 keep the inner loop short; least significant first.
    const LIMB: u64 = 58 * 58 * 58 * 58 * 58;
    let mut limbs: Vec<u32> = Vec::with_capacity(bytes.len() * 3 / 10 + 2);
    let (words, rest) = bytes[zeros..].as_chunks::<4>();
    let groups = words.iter().map(|w| (u32::from_be_bytes(*w), 32)).chain(rest.iter().map(|b| (u32::from(*b), 8)));
    for (value, bits) in groups {
        let mut carry = u64::from(value);
        for limb in &mut limbs {
            carry += u64::from(*limb) << bits;
            *limb = u32::try_from(carry % LIMB).expect("a remainder of 58^5 fits 30 bits");
            carry /= LIMB;
        }
        while carry > 0 {
            limbs.push(u32::try_from(carry % LIMB).expect("a remainder of 58^5 fits 30 bits"));
            carry /= LIMB;
        }
    }
    let mut digits: Vec<u8> = Vec::with_capacity(zeros + limbs.len() * 5);
    for limb in limbs {
        let mut rest = limb;
        for _ in 0..5 {
            digits.push(ALPHABET[(rest % 58) as usize]);
            rest /= 58;
        }
    }
    while digits.last() == Some(&b'1') {
        digits.pop();
    }
    digits.extend(std::iter::repeat_n(b'1', zeros));
    digits.reverse();
    String::from_utf8(digits).expect("the alphabet is ASCII")
}

/// Bytes of `text`, or `None` for a character outside the alphabet. Quadratic in length: cap the input first.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let ones = text.bytes().take_while(|&b| b == b'1').count();
    // Words of 32 bits, five digits a step; least significant first.
    let mut words: Vec<u32> = Vec::with_capacity(text.len() / 5 + 1);
    for group in text.as_bytes()[ones..].chunks(5) {
        let (mut carry, mut scale) = (0_u64, 1_u64);
        for character in group {
            let digit = DIGITS[usize::from(*character)];
            if digit == NO_DIGIT {
                return None;
            }
            (carry, scale) = (carry * 58 + u64::from(digit), scale * 58);
        }
        for word in &mut words {
            carry += u64::from(*word) * scale;
            *word = (carry & 0xffff_ffff) as u32;
            carry >>= 32;
        }
        if carry > 0 {
            words.push(u32::try_from(carry).expect("58^5 fits 30 bits, so a carry fits 32"));
        }
    }
    let mut bytes = vec![0; ones];
    bytes.extend(words.iter().rev().flat_map(|word| word.to_be_bytes()).skip_while(|byte| *byte == 0));
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_values() {
        // draft-msporny-base58-03 §5
        assert_eq!(encode(b"Hello World!"), "2NEpo7TZRRrLZSi2U");
        assert_eq!(encode(&[0, 0, 0x28, 0x7f, 0xb4, 0xcd]), "11233QC4");
        assert_eq!(encode(&[]), "");
        assert_eq!(decode("0"), None);
    }

    proptest! {
        #[test]
        fn round_trips(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            prop_assert_eq!(decode(&encode(&bytes)).unwrap(), bytes);
        }
    }
}
