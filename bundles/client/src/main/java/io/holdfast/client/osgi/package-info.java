/** How the client's engine lives in OSGi: components, services, Conditions, events, Metatype. Private. */
package io.holdfast.client.osgi;
