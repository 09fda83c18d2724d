/*
 * report_css.h: report.css, as an array of its bytes (made when it is built).
 */
#ifndef EPSIM_EXPERIMENT_REPORT_CSS_H
#define EPSIM_EXPERIMENT_REPORT_CSS_H

extern const char report_css[];

#endif
