import { throwOnWrongIndex } from '#core/columns';

throwOnWrongIndex();
