import { describe, expect, it } from 'vitest';
import { nearestName } from './nearest-name';

const KNOWN = ['name', 'phone', 'email', 'order_id', 'city', 'amount'];

describe('the name that was meant', () => {
  it.each([
    ['Order ID', 'order_id'],
    ['order-id', 'order_id'],
    ['NAME', 'name'],
    ['nmae', 'name'],
    ['emial', 'email'],
    ['ammount', 'amount'],
    ['oder_id', 'order_id'],
  ])('%s is %s', (typed, meant) => {
    expect(nearestName(typed, KNOWN)).toBe(meant);
  });

  it('is none where nothing comes near', () => {
    expect(nearestName('voucher', KNOWN)).toBeNull();
    expect(nearestName('x', KNOWN)).toBeNull();
    expect(nearestName('name', [])).toBeNull();
  });

  it('is the one with the fewest mistakes', () => {
    expect(nearestName('order_idd', ['order_is', 'order_id'])).toBe('order_id');
    expect(nearestName('Order Id', ['order_ix', 'ORDER_ID'])).toBe('ORDER_ID');
  });
});
