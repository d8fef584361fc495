/**
 * Most order ids of one partition that shipping-service remembers to recognize duplicates. It may ship a copy that follows its
 * first order at a greater distance. The audit derives its own limits from this number.
 */
export const rememberedOrders = 150_000;
