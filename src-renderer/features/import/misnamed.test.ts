import { expect, it } from 'vitest';
import { misnamed } from './misnamed';

it('tells a text named like a workbook, and a workbook named like a text', () => {
  expect(misnamed('Leads.XLSX', 'csv, UTF-8, semicolon')).toEqual({ ending: '.xlsx', kind: 'csv' });
  expect(misnamed('leads.csv', 'xlsx')).toEqual({ ending: '.csv', kind: 'xlsx' });
});

it('says nothing of names that are right, near enough, or promise nothing', () => {
  for (const [name, format] of [
    ['leads.xlsx', 'xlsx'],
    ['macros.xlsm', 'xlsx'],
    ['of 2003.xls', 'xml'],
    ['leads.csv', 'tsv, UTF-16, tab'],
    ['leads.dat', 'csv, UTF-8, comma'],
    ['leads', 'xlsx'],
  ] as const)
    expect(misnamed(name, format)).toBeNull();
});
