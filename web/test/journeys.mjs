// Whole journeys through the page: node test/journeys.mjs PROGRAM DATA [JOURNEY]
import { run } from "./journey.mjs";
import "./journeys/people.mjs";
import "./journeys/ways.mjs";
import "./journeys/finding.mjs";
import "./journeys/alone.mjs";

await run();
