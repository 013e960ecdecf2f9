/** Where the API begins. */
export const apiPath = "/api/v1";
