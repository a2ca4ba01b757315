import { isIn, LETTER_OR_DIGIT } from './characters.ts';
import type { Reader } from './reader.ts';

/** How a token is made that its issuer marks: the mark, and what follows. */
interface Shape {
  readonly mark: string;
  /** What follows the mark, from its first character on. */
  readonly made: RegExp;
  /** The mark is part of ordinary words as well (`sk-learn`), so that a digit or a capital has to follow. */
  readonly mixed?: boolean;
  /** So many characters behind the mark tell whether it is one. */
  readonly look?: number;
}

const shapes = (made: RegExp, ...marks: readonly string[]): Shape[] => marks.map(mark => ({ mark, made }));
const mixed = (made: RegExp, ...marks: readonly string[]): Shape[] => marks.map(mark => ({ mark, made, mixed: true }));

/** Marks that issuers document, and that secret scanners look for; the least length is below what each issuer writes. */
const SHAPES: readonly Shape[] = [
  // Models and inference: Hugging Face, NVIDIA, OpenAI and those who write keys alike, Replicate, Groq, RunPod, xAI, Perplexity, Tavily, LangSmith.
  ...shapes(/^[A-Za-z0-9]{20,}/, 'hf_', 'api_org_'),
  ...shapes(/^[A-Za-z0-9_-]{16,}/, 'nvapi-', 'sk-proj-', 'sk-ant-', 'sk-or-', 'sk-svcacct-', 'sk-admin-', 'lsv2_pt_', 'lsv2_sk_'),
  ...mixed(/^[A-Za-z0-9_-]{16,}/, 'sk-', 'xai-', 'pplx-', 'tvly-'),
  ...mixed(/^[A-Za-z0-9]{20,}/, 'r8_', 'gsk_', 'rpa_'),
  // Code and packages: GitHub, GitLab (all of its kinds), PyPI, npm, Docker, Sentry, Linear, Atlassian.
  ...shapes(/^[A-Za-z0-9]{20,}/, 'ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'),
  ...shapes(/^[A-Za-z0-9_-]{16,}/, 'github_pat_', 'dckr_pat_', 'dckr_oat_', 'sntrys_', 'sntryu_', 'lin_api_', 'ATATT3', 'ATCTT3'),
  ...shapes(/^[A-Za-z0-9_-]{16,}(?:\.[A-Za-z0-9_-]+){0,3}/, ...['glpat-', 'gldt-', 'glrt-', 'glrtr-', 'glptt-', 'glcbt-', 'glsoat-']),
  ...shapes(/^[A-Za-z0-9_-]{16,}(?:\.[A-Za-z0-9_-]+){0,3}/, ...['glffct-', 'glimt-', 'glagent-', 'gloas-', 'glft-', 'glwt-']),
  ...mixed(/^[A-Za-z0-9_-]{16,}/, 'pypi-', 'testpypi-'),
  ...shapes(/^[A-Za-z0-9]{30,}/, 'npm_'),
  // Clouds: AWS (ids of keys), Google, HashiCorp, Grafana, Tailscale, Doppler, DigitalOcean, Databricks.
  ...shapes(/^[A-Z0-9]{16,}/, 'AKIA', 'ASIA', 'ABIA', 'ACCA'),
  ...shapes(/^[A-Za-z0-9_-]{30,}/, 'AIza'),
  ...shapes(/^[A-Za-z0-9_-]{16,}/, 'GOCSPX-', 'hvs.', 'hvb.', 'glsa_', 'ya29.', 'dp.pt.', 'dp.st.'),
  ...mixed(/^[A-Za-z0-9_-]{16,}/, 'tskey-'),
  ...shapes(/^[a-f0-9]{32,}/, 'dop_v1_', 'doo_v1_', 'dor_v1_', 'dapi'),
  // Money and messages: Stripe, Shopify, Square, Figma, Postman, Slack, SendGrid; age.
  ...shapes(/^[A-Za-z0-9]{10,}/, 'sk_live_', 'sk_test_', 'rk_live_', 'rk_test_', 'pk_live_'),
  ...shapes(/^[A-Za-z0-9+/=]{24,}/, 'whsec_'),
  ...shapes(/^[a-f0-9]{32,}/, 'shpat_', 'shpss_', 'shpca_', 'shppa_'),
  ...shapes(/^[A-Za-z0-9_-]{20,}/, 'sq0atp-', 'sq0csp-', 'figd_', 'figu_', 'PMAK-'),
  ...shapes(/^[A-Za-z0-9-]{10,}/, 'xoxa-', 'xoxb-', 'xoxc-', 'xoxd-', 'xoxe-', 'xoxe.', 'xoxo-', 'xoxp-', 'xoxr-', 'xoxs-', 'xapp-'),
  { mark: 'SG.', made: /^[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64}/, look: 130 },
  ...shapes(/^[A-Z0-9]{40,}/, 'AGE-SECRET-KEY-1'),
  // JSON Web Tokens (RFC 7519): two or three parts of base64url, the first two of which begin with {".
  { mark: 'eyJ', made: /^[A-Za-z0-9_-]{8,500}\.eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?/, look: 520 },
];

/** Longer ones are not written by anybody: what follows is cut there. */
const LONGEST = 16_384;
const LOOK = 64;

const BY_FIRST = new Map<number, Shape[]>();
for (const shape of SHAPES) {
  const first = shape.mark.charCodeAt(0);
  BY_FIRST.set(first, [...(BY_FIRST.get(first) ?? []), shape]);
}

/** Where a token ends that begins at a place and shows by its shape; undefined for none. A token is no part of a longer word. */
export function tokenEnd(read: Reader, at: number): number | undefined {
  const candidates = BY_FIRST.get(read.at(at));
  if (candidates === undefined || isIn(read.at(at - 1), LETTER_OR_DIGIT)) return undefined;
  for (const { mark, made, mixed: isMixed = false, look = LOOK } of candidates) {
    if (!read.has(mark, at)) continue;
    const from = at + mark.length;
    const [first] = made.exec(read.slice(from, from + look)) ?? [];
    if (first === undefined || (isMixed && !/[A-Z0-9]/.test(first))) continue;
    if (first.length < look) return from + first.length;
    return from + (made.exec(read.slice(from, from + LONGEST))?.[0].length ?? look);
  }
  return undefined;
}

const BEGIN = '-----BEGIN ';
/** Labels of RFC 7468 and of OpenPGP. */
const KEY_LABEL = /^[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;
const DASHES = '-----';
const END = `${DASHES}END `;
const DASH = 45;
const LABEL_LONGEST = 70;

/** Where a block with a private key ends; the end of the text or of the argument for one that is cut off. */
export function privateKeyEnd(read: Reader, at: number): number | undefined {
  if (!read.has(BEGIN, at)) return undefined;
  const from = at + BEGIN.length;
  const label = KEY_LABEL.exec(read.slice(from, from + LABEL_LONGEST));
  if (label === null) return undefined;
  // What is looked at is taken, so that many blocks that are cut off cost no more than their length.
  let i = from + label[0].length;
  for (let code = read.at(i); code > 0; code = read.at(++i)) {
    if (code !== DASH || !read.has(END, i)) continue;
    const closed = read.slice(i + END.length, i + END.length + LABEL_LONGEST).indexOf(DASHES);
    return closed < 0 ? i + END.length : i + END.length + closed + DASHES.length;
  }
  return i;
}
