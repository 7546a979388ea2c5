// The specification's JSON Schema, as `/api` holds it: what the form is built from.
import { ask } from "../shell/api.js";

/** @typedef {Record<string, any>} Schema */

/** @type {Promise<Schema> | undefined} */
let loading;

/** The schema of a specification, with its references followed on demand by {@link followed}. */
export function specificationSchema() {
  loading ??= ask("api").then((description) => {
    root = description;
    return description.components.schemas.Specification;
  });
  return loading;
}

/** @type {Schema} */
let root = {};

/** What a reference stands for; of a choice between something and nothing, the something. @param {Schema} schema @returns {Schema} */
export function followed(schema) {
  if (schema.$ref) {
    const target = schema.$ref.slice(2).split("/").reduce((/** @type {any} */ at, /** @type {string} */ key) => at?.[key.replaceAll("~1", "/")], root);
    return followed({ ...target, description: schema.description ?? target?.description });
  }
  const some = schema.anyOf?.filter((/** @type {Schema} */ one) => one.type !== "null");
  if (some?.length === 1) return followed({ ...some[0], description: schema.description });
  return schema;
}

/** @typedef {{ kind: string, says: string, fields: { name: string, schema: Schema, needed: boolean }[] }} Kind */

/** The kinds of criteria, with what each asks for. @returns {Promise<Kind[]>} */
export async function kinds() {
  const schema = await specificationSchema();
  const common = ["kind", "required", "value", "weight"];
  return schema.$defs.Measured.oneOf.map((/** @type {Schema} */ one) => ({
    kind: one.properties.kind.const,
    says: one.description ?? "",
    fields: Object.entries(one.properties).filter(([name]) => !common.includes(name)).map(([name, field]) => ({ name, schema: followed(/** @type {Schema} */ (field)), needed: (one.required ?? []).includes(name) })),
  }));
}
