/** How often an original that changes under our hands is made again before it is a failure. It is here so that who reckons with it needs no images. */
export const MOST_ATTEMPTS = 5;
