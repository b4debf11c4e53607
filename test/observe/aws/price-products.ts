/** One product as GetProducts serialises it. `tiers` are [begin, end, dollars]. */
export function product(
  usagetype: string,
  tiers: readonly (readonly [string, string, string])[],
  attributes: Readonly<Record<string, string>> = {},
): string {
  const priceDimensions = Object.fromEntries(
    tiers.map(([beginRange, endRange, USD], index) => [
      `dimension-${index}`,
      { beginRange, endRange, unit: 'unit', pricePerUnit: { USD } },
    ]),
  );
  return JSON.stringify({
    product: { productFamily: 'Serverless', attributes: { usagetype, ...attributes } },
    terms: { OnDemand: { 'sku.term': { priceDimensions } } },
    publicationDate: '2026-10-02T09:00:00Z',
  });
}

/** An answer for eu-central-1 in which every figure differs from the bundled ones. */
export const LAMBDA_PRODUCTS: readonly string[] = [
  // Out of order, as the API gives them.
  product('EUC1-Lambda-GB-Second', [
    ['6000000000', '15000000000', '0.0000180000'],
    ['0', '6000000000', '0.0000200000'],
    ['15000000000', 'Inf', '0.0000160000'],
  ]),
  product('EUC1-Lambda-GB-Second-ARM', [['0', 'Inf', '0.0000160000']]),
  product('EUC1-Request', [['0', 'Inf', '0.0000003000']]),
  product('EUC1-Request-ARM', [['0', 'Inf', '0.0000009000']]),
  product('EUC1-Lambda-Storage-GB-Second', [['0', 'Inf', '0.0000000400']]),
  product('EUC1-Lambda-Provisioned-Concurrency', [['0', 'Inf', '0.0000060000']]),
  product('EUC1-Lambda-Provisioned-GB-Second', [['0', 'Inf', '0.0000130000']]),
  product('EUC1-Lambda-Edge-GB-Second', [['0', 'Inf', '0.0000500100']]),
  JSON.stringify({ product: { attributes: {} }, terms: {} }),
];

export const SQS_PRODUCTS: readonly string[] = [
  product('EUC1-Requests-RBP', [['0', 'Inf', '0.0000004500']], { queueType: 'Standard' }),
  product('EUC1-Requests-FIFO-RBP', [['0', 'Inf', '0.0000005500']], {
    queueType: 'FIFO (first-in, first-out)',
  }),
  product('EUC1-DataTransfer-Out-Bytes', [['0', 'Inf', '0.09']], { queueType: 'Standard' }),
];
