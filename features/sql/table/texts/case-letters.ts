/**
 * Letters whose case DuckDB changes otherwise than Spark 4.0, which follows the full mappings of Unicode 16: each with what
 * Spark makes of it. Found by comparing both over every code point.
 */
export interface Letters {
  /** All letters, one after the other. */
  readonly letters: string;
  /** What each becomes. */
  readonly forms: readonly string[];
}

function letters(pairs: string): Letters {
  const each = pairs.split(' ').map((pair) => pair.split('>'));
  return { letters: each.map(([letter]) => letter).join(''), forms: each.map(([, form = '']) => form) };
}

export const UPPER_LETTERS = letters(
  'ß>SS ŉ>ʼN ƛ>Ƛ ǰ>J̌ ɤ>Ɤ ΐ>Ϊ́ ΰ>Ϋ́ և>ԵՒ ᲊ>Ᲊ ẖ>H̱ ẗ>T̈ ẘ>W̊ ẙ>Y̊ ẚ>Aʾ ὐ>Υ̓ ὒ>Υ̓̀ ὔ>Υ̓́ ' +
    'ὖ>Υ̓͂ ᾀ>ἈΙ ᾁ>ἉΙ ᾂ>ἊΙ ᾃ>ἋΙ ᾄ>ἌΙ ᾅ>ἍΙ ᾆ>ἎΙ ᾇ>ἏΙ ᾈ>ἈΙ ᾉ>ἉΙ ᾊ>ἊΙ ᾋ>ἋΙ ᾌ>ἌΙ ᾍ>ἍΙ ᾎ>ἎΙ ᾏ>ἏΙ ᾐ>ἨΙ ' +
    'ᾑ>ἩΙ ᾒ>ἪΙ ᾓ>ἫΙ ᾔ>ἬΙ ᾕ>ἭΙ ᾖ>ἮΙ ᾗ>ἯΙ ᾘ>ἨΙ ᾙ>ἩΙ ᾚ>ἪΙ ᾛ>ἫΙ ᾜ>ἬΙ ᾝ>ἭΙ ᾞ>ἮΙ ᾟ>ἯΙ ᾠ>ὨΙ ᾡ>ὩΙ ᾢ>ὪΙ ' +
    'ᾣ>ὫΙ ᾤ>ὬΙ ᾥ>ὭΙ ᾦ>ὮΙ ᾧ>ὯΙ ᾨ>ὨΙ ᾩ>ὩΙ ᾪ>ὪΙ ᾫ>ὫΙ ᾬ>ὬΙ ᾭ>ὭΙ ᾮ>ὮΙ ᾯ>ὯΙ ᾲ>ᾺΙ ᾳ>ΑΙ ᾴ>ΆΙ ᾶ>Α͂ ᾷ>Α͂Ι ' +
    'ᾼ>ΑΙ ῂ>ῊΙ ῃ>ΗΙ ῄ>ΉΙ ῆ>Η͂ ῇ>Η͂Ι ῌ>ΗΙ ῒ>Ϊ̀ ΐ>Ϊ́ ῖ>Ι͂ ῗ>Ϊ͂ ῢ>Ϋ̀ ΰ>Ϋ́ ῤ>Ρ̓ ῦ>Υ͂ ῧ>Ϋ͂ ' +
    'ῲ>ῺΙ ῳ>ΩΙ ῴ>ΏΙ ῶ>Ω͂ ῷ>Ω͂Ι ῼ>ΩΙ ꟍ>Ꟍ ꟛ>Ꟛ ﬀ>FF ﬁ>FI ﬂ>FL ﬃ>FFI ﬄ>FFL ﬅ>ST ﬆ>ST ﬓ>ՄՆ ﬔ>ՄԵ ﬕ>ՄԻ ' +
    'ﬖ>ՎՆ ﬗ>ՄԽ 𐵰>𐵐 𐵱>𐵑 𐵲>𐵒 𐵳>𐵓 𐵴>𐵔 𐵵>𐵕 𐵶>𐵖 𐵷>𐵗 𐵸>𐵘 𐵹>𐵙 𐵺>𐵚 𐵻>𐵛 𐵼>𐵜 𐵽>𐵝 𐵾>𐵞 𐵿>𐵟 𐶀>𐵠 𐶁>𐵡 𐶂>𐵢 𐶃>𐵣 ' +
    '𐶄>𐵤 𐶅>𐵥',
);

/** The first letter of a word in `initcap`. */
export const TITLE_LETTERS = letters(
  'ß>Ss ŉ>ʼN ƛ>Ƛ Ǆ>ǅ ǅ>ǅ ǆ>ǅ Ǉ>ǈ ǈ>ǈ ǉ>ǈ Ǌ>ǋ ǋ>ǋ ǌ>ǋ ǰ>J̌ Ǳ>ǲ ǲ>ǲ ǳ>ǲ ɤ>Ɤ ΐ>Ϊ́ ΰ>Ϋ́ և>Եւ ' +
    'ა>ა ბ>ბ გ>გ დ>დ ე>ე ვ>ვ ზ>ზ თ>თ ი>ი კ>კ ლ>ლ მ>მ ნ>ნ ო>ო პ>პ ჟ>ჟ რ>რ ს>ს ტ>ტ უ>უ ფ>ფ ქ>ქ ' +
    'ღ>ღ ყ>ყ შ>შ ჩ>ჩ ც>ც ძ>ძ წ>წ ჭ>ჭ ხ>ხ ჯ>ჯ ჰ>ჰ ჱ>ჱ ჲ>ჲ ჳ>ჳ ჴ>ჴ ჵ>ჵ ჶ>ჶ ჷ>ჷ ჸ>ჸ ჹ>ჹ ჺ>ჺ ჽ>ჽ ' +
    'ჾ>ჾ ჿ>ჿ ᲊ>Ᲊ ẖ>H̱ ẗ>T̈ ẘ>W̊ ẙ>Y̊ ẚ>Aʾ ὐ>Υ̓ ὒ>Υ̓̀ ὔ>Υ̓́ ὖ>Υ̓͂ ᾲ>Ὰͅ ᾴ>Άͅ ᾶ>Α͂ ᾷ>ᾼ͂ ῂ>Ὴͅ ῄ>Ήͅ ' +
    'ῆ>Η͂ ῇ>ῌ͂ ῒ>Ϊ̀ ΐ>Ϊ́ ῖ>Ι͂ ῗ>Ϊ͂ ῢ>Ϋ̀ ΰ>Ϋ́ ῤ>Ρ̓ ῦ>Υ͂ ῧ>Ϋ͂ ῲ>Ὼͅ ῴ>Ώͅ ῶ>Ω͂ ῷ>ῼ͂ ꟍ>Ꟍ ꟛ>Ꟛ ' +
    'ﬀ>Ff ﬁ>Fi ﬂ>Fl ﬃ>Ffi ﬄ>Ffl ﬅ>St ﬆ>St ﬓ>Մն ﬔ>Մե ﬕ>Մի ﬖ>Վն ﬗ>Մխ 𐵰>𐵐 𐵱>𐵑 𐵲>𐵒 𐵳>𐵓 𐵴>𐵔 𐵵>𐵕 𐵶>𐵖 ' +
    '𐵷>𐵗 𐵸>𐵘 𐵹>𐵙 𐵺>𐵚 𐵻>𐵛 𐵼>𐵜 𐵽>𐵝 𐵾>𐵞 𐵿>𐵟 𐶀>𐵠 𐶁>𐵡 𐶂>𐵢 𐶃>𐵣 𐶄>𐵤 𐶅>𐵥',
);

/** Beside the capital sigma, which depends on the letters around it. */
export const LOWER_LETTERS = letters(
  'İ>i̇ Ᲊ>ᲊ Ɤ>ɤ Ꟍ>ꟍ Ꟛ>ꟛ Ƛ>ƛ 𐵐>𐵰 𐵑>𐵱 𐵒>𐵲 𐵓>𐵳 𐵔>𐵴 𐵕>𐵵 𐵖>𐵶 𐵗>𐵷 𐵘>𐵸 𐵙>𐵹 𐵚>𐵺 𐵛>𐵻 𐵜>𐵼 𐵝>𐵽 𐵞>𐵾 𐵟>𐵿 ' +
    '𐵠>𐶀 𐵡>𐶁 𐵢>𐶂 𐵣>𐶃 𐵤>𐶄 𐵥>𐶅',
);

/** Letters that have a case, as a class of RE2. */
export const CASED =
  '[\\p{Lu}\\p{Ll}\\p{Lt}\\x{aa}\\x{ba}\\x{1c89}-\\x{1c8a}\\x{2160}-\\x{217f}\\x{24b6}-\\x{24e9}\\x{a7cb}-\\x{a7cd}' +
  '\\x{a7da}-\\x{a7dc}\\x{10d50}-\\x{10d65}\\x{10d70}-\\x{10d85}\\x{1f130}-\\x{1f149}\\x{1f150}-\\x{1f169}' +
  '\\x{1f170}-\\x{1f189}]';

/** Characters that Unicode looks through when it asks for the letters around a sigma, such as marks and apostrophes. */
export const CASE_IGNORABLE =
  "[\\p{Mn}\\p{Me}\\p{Cf}\\p{Lm}\\p{Sk}'.:\\x{b7}\\x{387}\\x{55f}\\x{5f4}\\x{897}\\x{2018}-\\x{2019}\\x{2024}\\x{2027}" +
  '\\x{fe13}\\x{fe52}\\x{fe55}\\x{ff07}\\x{ff0e}\\x{ff1a}\\x{10d4e}\\x{10d69}-\\x{10d6d}\\x{10d6f}\\x{10efc}' +
  '\\x{113bb}-\\x{113c0}\\x{113ce}\\x{113d0}\\x{113d2}\\x{113e1}-\\x{113e2}\\x{11f5a}\\x{1611e}-\\x{16129}' +
  '\\x{1612d}-\\x{1612f}\\x{16d40}-\\x{16d42}\\x{16d6b}-\\x{16d6c}\\x{1e5ee}-\\x{1e5ef}]';

/** A character that DuckDB treats as a combining mark and Unicode 16 does not. */
export const FORMER_MARK = '\u{1171e}';
