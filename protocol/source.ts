/**
 * Source of a fact of the wire protocol. Every table in this folder has one.
 *
 * - `seed`: device-pairing-flows page of the PingOne MFA Integration Kit
 * - `doc`: other public Ping documentation
 * - `widget`: pingidentity/pf-authn-js-widget (Apache-2.0)
 * - `android`, `ios`: pingidentity/mobile-authentication-framework-android and -ios (MIT)
 * - `sdk`: the PingFederate server SDK's published status, action and error constants
 * - `measured`: seen on the wire when Ping's own client ran against the simulator
 * - `choice`: public sources are silent; our simulator does this and our client accepts anything reasonable
 */
export type Source = 'seed' | 'doc' | 'widget' | 'android' | 'ios' | 'sdk' | 'measured' | 'choice';
