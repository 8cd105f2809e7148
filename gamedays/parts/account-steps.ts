/** The steps of an account in apps/ordered-trading: each builds on the one before, so in another order fills are refused, and the account ends open. */
const STEPS = [
  ["BUY", 10],
  ["AMEND", 20],
  ["FILL", 15],
  ["FILL", 20],
] as const;

/** What an account's order is at once all of its steps had their effect. */
export const FILLED = { status: "FILLED", filledAmount: "20" } as const;

/** The messages of some accounts, each account a group; where one is sick, its amendment is poison: the symbol is in lower case, which is repaired. */
export function stepMessages(
  accounts: readonly string[],
  isSick: (account: string) => boolean,
): readonly { readonly body: string; readonly groupId: string; readonly deduplicationId: string }[] {
  const timestamp = new Date().toISOString();
  return accounts.flatMap((account) =>
    STEPS.map(([orderType, amount]) => {
      const symbol = orderType === "AMEND" && isSick(account) ? "aapl" : "AAPL";
      const body = JSON.stringify({ orderId: account, orderType, amount, symbol, timestamp });
      return { body, groupId: account, deduplicationId: `${account}-${orderType}-${amount}` };
    }),
  );
}
