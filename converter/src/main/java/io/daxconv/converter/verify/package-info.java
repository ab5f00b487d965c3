/**
 * Judges DAXFS images: finds what is wrong with one, lists it, compares it with what it should
 * hold. docs/verify.md has the table of findings.
 */
package io.daxconv.converter.verify;
