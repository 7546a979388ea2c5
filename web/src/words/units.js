/** Units whose name is a word or a sign of its own; the others are written as they are. */
export const units = {
  m2: { fr: "m²", en: "m²" },
  km2: { fr: "km²", en: "km²" },
  "EUR/m2": { fr: "€/m²", en: "€/m²" },
  EUR: { fr: "€", en: "€" },
  days: { fr: "jours", en: "days" },
  months: { fr: "mois", en: "months" },
  years: { fr: "ans", en: "years" },
  persons: { fr: "personnes", en: "people" },
  jobs: { fr: "emplois", en: "jobs" },
  employees: { fr: "salariés", en: "employees" },
  vehicles: { fr: "véhicules", en: "vehicles" },
  points: { fr: "points", en: "points" },
  dwellings: { fr: "logements", en: "dwellings" },
  establishments: { fr: "établissements", en: "establishments" },
};
