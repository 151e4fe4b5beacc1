import { normaliseHeader } from './header-text';

/** Header names that mean a field, in en/de/fr/es/pt/ar, compared as `normaliseHeader` leaves them. */

export type KnownField =
  'phone' | 'name' | 'firstName' | 'lastName' | 'email' | 'tags' | 'country' | 'optOut';

function names(...lines: string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(',').map(normaliseHeader)));
}

export const COLUMN_SYNONYMS: Readonly<Record<KnownField, ReadonlySet<string>>> = {
  phone: names(
    'phone, phone number, phone no, telephone, telephone number, tel, tel no, mobile, mobile phone, mobile number',
    'mobile no, cell, cell phone, cell number, cellphone, cellular, whatsapp, whatsapp number, whatsapp no, wa number',
    'wa, msisdn, contact number, contact no, contact phone, gsm, e164, phone e164, whats app',
    'telefon, telefonnummer, telefonnr, tel nr, handy, handynummer, handynr, mobil, mobilnummer, mobiltelefon, rufnummer',
    'mobilfunk, mobilfunknummer, whatsapp nummer, telephone portable, portable, numero de telephone, no de telephone',
    'tel portable, telephone mobile, numero de portable, numero whatsapp, n de telephone',
    'telefono, numero de telefono, telefono movil, movil, celular, numero de celular, telefono celular, nro de telefono',
    'telefone, numero de telefone, telemovel, telefone celular, numero de celular, fone, celular whatsapp, n de telefone',
    'هاتف, الهاتف, رقم الهاتف, جوال, الجوال, رقم الجوال, موبايل, الموبايل, رقم الموبايل, واتساب, الواتساب, رقم الواتساب',
    'واتس اب, تلفون, التلفون, رقم التلفون, تليفون, رقم التليفون, محمول, المحمول, رقم المحمول, نقال, رقم التواصل',
  ),
  name: names(
    'name, full name, fullname, contact, contact name, customer, customer name, client, client name, recipient',
    'recipient name, display name, person, your name, lead name, member name, guest name, patient name, student name',
    'vollstandiger name, kunde, kundenname, kontakt, kontaktname, ansprechpartner, vor und nachname, vorname nachname',
    'nom, nom complet, nom et prenom, nom prenom, prenom et nom, nom du client, contact nom',
    'nombre, nombre completo, nombre y apellido, nombre y apellidos, nombre del cliente, cliente, contacto',
    'nome, nome completo, nome do cliente, nome e sobrenome, contato',
    'الاسم, اسم, الاسم الكامل, الاسم بالكامل, اسم العميل, العميل, اسم الزبون, اسم المستلم',
  ),
  firstName: names(
    'first name, firstname, given name, forename, fname, first, vorname, prenom, nombre de pila, primer nombre, nombres',
    'primeiro nome, prenome, nome proprio, الاسم الاول, الاسم الشخصي',
  ),
  lastName: names(
    'last name, lastname, surname, family name, lname, last, second name, nachname, familienname, zuname, nom de famille',
    'apellido, apellidos, primer apellido, sobrenome, apelido, ultimo nome, اسم العائله, الاسم الاخير, اللقب, الكنيه',
  ),
  email: names(
    'email, e mail, email address, e mail address, mail, mail address, emails, email id, contact email, work email',
    'e mail adresse, emailadresse, mailadresse, email adresse, courriel, adresse email, adresse e mail, adresse mail, mel',
    'adresse electronique, correo, correo electronico, direccion de correo, direccion de correo electronico, email contacto',
    'endereco de email, endereco de e mail, correio eletronico, البريد الالكتروني, البريد الإلكتروني, بريد الكتروني',
    'بريد, البريد, ايميل, الايميل',
  ),
  tags: names(
    'tags, tag, labels, label, groups, group, segment, segments, list, lists, audience, schlagworte, schlagworter',
    'gruppe, gruppen, etikett, etiketten, etiquettes, etiquette, groupe, groupes, mots cles, etiquetas, etiqueta, grupo',
    'grupos, segmento, marcadores, marcador, وسم, وسوم, الوسوم, تصنيف, التصنيف, مجموعه, المجموعه',
  ),
  country: names(
    'country, country code, country iso, iso country, country name, nation, land, landercode, landerkurzel, staat',
    'pays, code pays, pais, codigo pais, codigo de pais, codigo do pais, دوله, الدوله, بلد, البلد, رمز الدوله',
  ),
  optOut: names(
    'opt out, optout, opted out, unsubscribed, unsubscribe, do not contact, do not message, dnc, no marketing, stop',
    'abgemeldet, abmeldung, nicht kontaktieren, desabonne, desinscrit, desinscription, ne pas contacter, baja',
    'dado de baja, no contactar, cancelado suscripcion, descadastrado, nao contatar, nao contactar, cancelou inscricao',
    'الغاء الاشتراك, ملغي الاشتراك, لا تتصل, عدم التواصل',
  ),
};

/** Words that say whose or which value it is, not what it is: dropped before a second look. */
export const HEADER_NOISE = names(
  'customer, client, contact, user, member, recipient, lead, guest, buyer, primary, main, your, the, of, required',
  'optional, 1, kunde, kunden, haupt, principal, du, de, del, do, da, la, le, el, billing, shipping',
);

/** Words that make a phone or email column the second choice. */
export const SECOND_CHOICE = names(
  '2, 3, 4, second, secondary, third, alternate, alternative, alt, other, home, work, office, business, emergency, fax',
  'landline, privat, private, arbeit, festnetz, fixe, fijo, fixo, bureau, oficina, trabajo, casa, zweit',
);

/** Words that make digits something else than a phone number. */
export const NOT_A_PHONE = names(
  'id, order, code, zip, postal, postcode, plz, date, datum, fecha, data, amount, price, total, invoice, account',
  'iban, sku, barcode, ean, upc, isbn, tax, vat, cpf, cnpj, nif, passport, timestamp, created, updated, balance, age',
  'rechnung, bestellung, kundennummer, commande, facture, pedido, factura, fatura, طلب, الطلب, تاريخ, فاتوره',
);
