/** The status page: HTML that is whole without JavaScript, drawn from the latest report and from what was. */
@NullMarked
package dev.rediswarden.page;

import org.jspecify.annotations.NullMarked;
