/** What guests show to say who they are. */
export const documentTypes = ['passport', 'id-card', 'driving-licence', 'residence-permit', 'other'] as const;
export type DocumentType = (typeof documentTypes)[number];

/** A rule for the numbers of one kind of document of one country. */
interface NumberRule {
  readonly form: RegExp;
  readonly says: string;
  /** Whether the digits that check the others are right. */
  check?(number: string): boolean;
}

const verhoeffProducts = [
  ...['0123456789', '1234067895', '2340178956', '3401289567', '4012395678'],
  ...['5987604321', '6598710432', '7659821043', '8765932104', '9876543210'],
];
const verhoeffShifts = [
  ...['0123456789', '1576283094', '5803796142', '8916043527'],
  ...['9453126870', '4286573901', '2793806415', '7046913258'],
];

/** The check of Aadhaar numbers: one wrong digit and two that changed places are noticed. */
function isVerhoeff(number: string): boolean {
  const digits = [...number].reverse();
  return (
    digits.reduce((sum, digit, index) => {
      const shifted = Number(verhoeffShifts[index % 8]![Number(digit)]);
      return Number(verhoeffProducts[sum]![shifted]);
    }, 0) === 0
  );
}

/** The check of Portuguese citizen cards: letters count from 10, every other character from the right twice. */
function isCitizenCard(number: string): boolean {
  const values = [...number].reverse().map((character, index) => {
    const value = parseInt(character, 36);
    const doubled = index % 2 === 1 ? value * 2 : value;
    return index % 2 === 1 && doubled > 9 ? doubled - 9 : doubled;
  });
  return values.reduce((sum, value) => sum + value, 0) % 10 === 0;
}

const DNI_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';
/** The letter of Spanish numbers is what is left of the number when it is divided by 23. */
const isDni = (number: string): boolean => DNI_LETTERS[Number(number.slice(0, -1)) % 23] === number.at(-1);
const isNie = (number: string): boolean => isDni(`${'XYZ'.indexOf(number[0]!)}${number.slice(1)}`);

const rules: Readonly<Partial<Record<`${DocumentType} ${string}`, NumberRule>>> = {
  'passport IND': { form: /^[A-Z]\d{7}$/, says: 'has a letter and seven digits' },
  'passport PRT': { form: /^[A-Z]{1,2}\d{6}$/, says: 'has one or two letters and six digits' },
  'passport GBR': { form: /^\d{9}$/, says: 'has nine digits' },
  'passport USA': { form: /^[A-Z0-9]\d{8}$/, says: 'has nine characters' },
  'passport DEU': { form: /^[CFGHJKLMNPRTVWXYZ0-9]{9}$/, says: 'has nine characters, and no vowel among them' },
  'id-card IND': { form: /^[2-9]\d{11}$/, says: 'has twelve digits', check: isVerhoeff },
  'id-card PRT': {
    form: /^\d{9}[A-Z0-9]{2}\d$/,
    says: 'has eight digits and four to check them',
    check: isCitizenCard,
  },
  'id-card ESP': { form: /^\d{8}[A-Z]$/, says: 'has eight digits and a letter', check: isDni },
  'residence-permit ESP': { form: /^[XYZ]\d{7}[A-Z]$/, says: 'has X, Y or Z, seven digits and a letter', check: isNie },
  'driving-licence IND': { form: /^[A-Z]{2}\d{13}$/, says: 'has two letters and thirteen digits' },
};

/** Passports of any country have at most nine characters (ICAO 9303, part 4). */
const anyPassport: NumberRule = { form: /^[A-Z0-9]{5,9}$/, says: 'has five to nine letters and digits' };

/** What is wrong with the number of a document that a country issued, in one spelling; undefined if nothing is known to be. */
export function documentNumberFlaw(type: DocumentType, issuedBy: string, number: string): string | undefined {
  const rule = rules[`${type} ${issuedBy}`] ?? (type === 'passport' ? anyPassport : undefined);
  if (!rule) return undefined;
  if (!rule.form.test(number)) return `${rule.says} on this document`;
  return rule.check && !rule.check(number) ? 'is mistyped: its check digits do not fit' : undefined;
}
