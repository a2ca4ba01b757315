import type { OPERATION_KINDS, PHASES } from '#schema/pipeline';

/** F forward, B backward (of the inputs, and of the weights where there is no W), W backward of the weights. */
export type OperationKind = (typeof OPERATION_KINDS)[number];

/** Phases of a schedule, as the report names them. */
export type PhaseName = (typeof PHASES)[number];

/** What the name of an NVTX range says about a pipeline. What a name leaves out is filled in from the order of things. */
export type Meaning =
  | {
      readonly what: 'operation';
      readonly kind: OperationKind;
      readonly microbatch?: number | undefined;
      /** Virtual stage, 0 to p·v − 1. */
      readonly stage?: number | undefined;
      /** Which of its rank's stages, 0 to v − 1, where the stage itself is not said. */
      readonly chunk?: number | undefined;
      readonly rank?: number | undefined;
    }
  | {
      readonly what: 'handoff';
      readonly microbatch?: number | undefined;
      /** Virtual stages. */
      readonly fromStage?: number | undefined;
      readonly toStage?: number | undefined;
    }
  /** From a mark on until the next one of its rank, or as long as a range of that name lasts. */
  | { readonly what: 'phase'; readonly phase: PhaseName; readonly rank?: number | undefined }
  | { readonly what: 'iteration'; readonly iteration: number; readonly label?: string | undefined };

/** How one program or library names its ranges. */
export interface Grammar {
  readonly id: string;
  readonly title: string;
  /** Where such names were seen. */
  readonly source: string;
  readonly example: readonly string[];
  readonly read: (name: string) => Meaning | undefined;
}

/** A captured number, where the group took part. */
export const numberOf = (text: string | undefined): number | undefined => (text === undefined || text === '' ? undefined : Number(text));
