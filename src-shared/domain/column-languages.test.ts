import { describe, expect, it } from 'vitest';
import { suggestMapping } from './column-suggestion';

const FIELDS = ['phone', 'firstName', 'lastName', 'email', 'tags', 'country', 'optOut'] as const;

/** A header for each field, in the order of FIELDS, as files of that language have them. */
const LANGUAGES: Readonly<Record<string, readonly string[]>> = {
  en: ['Mobile Number', 'First name', 'Surname', 'E-mail', 'Groups', 'Country', 'Unsubscribed'],
  de: ['Mobilnummer', 'Vorname', 'Nachname', 'E-Mail-Adresse', 'Schlagwörter', 'Land', 'Abgemeldet'],
  fr: ['Téléphone portable', 'Prénom', 'Nom de famille', 'Courriel', 'Étiquettes', 'Pays', 'Désabonné'],
  es: ['Teléfono móvil', 'Nombre', 'Apellidos', 'Correo electrónico', 'Etiquetas', 'País', 'Dado de baja'],
  pt: ['Telemóvel', 'Nome', 'Sobrenome', 'Endereço de e-mail', 'Marcadores', 'País', 'Descadastrado'],
  ar: ['رقم الجوال', 'الاسم الأول', 'اسم العائلة', 'البريد الإلكتروني', 'الوسوم', 'الدولة', 'إلغاء الاشتراك'],
};

/** The same words as hurried people type them: a letter too much, too little, swapped or wrong. */
const MISSPELT: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  en: [
    ['Telehpone', 'phone'],
    ['Emial address', 'email'],
    ['Frist name', 'firstName'],
    ['Contry', 'country'],
    ['Unsubcribed', 'optOut'],
  ],
  de: [
    ['Handynumer', 'phone'],
    ['Telefonnumer', 'phone'],
    ['Nachnahme', 'lastName'],
    ['Schlagwoerter', 'tags'],
    ['Abgemledet', 'optOut'],
  ],
  fr: [
    ['Numero de telephonne', 'phone'],
    ['Prenomm', 'firstName'],
    ['Couriel', 'email'],
    ['Etiquetes', 'tags'],
    ['Desinscript', 'optOut'],
  ],
  es: [
    ['Telefno movil', 'phone'],
    ['Apelidos', 'lastName'],
    ['Corre electronico', 'email'],
    ['Etiqetas', 'tags'],
    ['Codigo de pas', 'country'],
  ],
  pt: [
    ['Telemovl', 'phone'],
    ['Sobrenom', 'lastName'],
    ['Endereco de emial', 'email'],
    ['Marcadors', 'tags'],
    ['Descadastrada', 'optOut'],
  ],
  ar: [
    ['رقم الجول', 'phone'],
    ['البريد الالكترني', 'email'],
    ['اسم العميلل', 'name'],
    ['التصنيق', 'tags'],
    ['الغاء الاشترك', 'optOut'],
  ],
};

describe.each(Object.entries(LANGUAGES))('headers in %s', (language, headers) => {
  it('are understood, each as its field', () => {
    const suggestions = suggestMapping(headers, []);
    expect(suggestions.map(({ target }) => target.field)).toEqual(FIELDS);
    for (const { confidence } of suggestions) expect(confidence).toBeGreaterThan(0.85);
  });

  it('are understood in capitals, without accents and with underscores', () => {
    const plain = headers.map((header) =>
      header
        .normalize('NFD')
        .replace(/[\u0300-\u036f]/g, '')
        .toUpperCase()
        .replaceAll(' ', '_'),
    );
    expect(suggestMapping(plain, []).map(({ target }) => target.field)).toEqual(FIELDS);
  });

  it.each(MISSPELT[language] ?? [])('%s is taken for %s, with less certainty', (header, field) => {
    const [suggestion] = suggestMapping([header], []);
    expect(suggestion?.target.field).toBe(field);
    expect(suggestion?.confidence).toBeLessThan(0.85);
    expect(suggestion?.reason).toContain('looks like');
  });
});
