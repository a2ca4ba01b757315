/** Common words, each one token with the space before it in the vocabularies of GPT, Llama, Qwen and Mistral models. */
export const WORDS =
  'time year people way day man thing woman life child world school state family student group country problem hand part place case week company system program question work government number night point home water room mother area money story fact month lot right study book eye job word business issue side kind head house service friend father power hour game line end member law car city name team minute idea body information back parent face others level office door health person art war history party result change morning reason research girl guy moment air teacher force'.split(
    ' ',
  );
