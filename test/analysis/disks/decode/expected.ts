/**
 * What the recorded smartctl outputs say, worked out from them by hand and by jq. "-": the drive does not tell; "?": what
 * it tells can't be believed. None of the outputs is in this repository; the names are those of shared/contracts/smart.
 */
export const expected: Readonly<Record<string, string>> = {
  "AnalogJ-scrutiny__webapp_backend_pkg_models_testdata_smart-ata-date2.json":
    "passed, reallocated ?, uncorrectable -, timeouts -, unreadable ?, link ?, 3030 h, 62 °C, wear -, spare -, no hard facts",
  "AnalogJ-scrutiny__webapp_backend_pkg_models_testdata_smart-fail2.json":
    "failed, reallocated 1975, uncorrectable -, timeouts -, unreadable 8, link 0, 65592 h, 25 °C, wear -, spare -, smart_failed attribute_failing",
  "AnalogJ-scrutiny__webapp_backend_pkg_models_testdata_smart-megaraid0.json":
    "passed, reallocated 0, uncorrectable -, timeouts -, unreadable 0, link 0, 37787 h, 36 °C, wear -, spare -, no hard facts",
  "AnalogJ-scrutiny__webapp_backend_pkg_models_testdata_smart-megaraid1.json":
    "passed, reallocated 387, uncorrectable -, timeouts -, unreadable 0, link 0, 37788 h, 36 °C, wear -, spare -, no hard facts",
  "AnalogJ-scrutiny__webapp_backend_pkg_models_testdata_smart-nvme.json":
    "passed, reallocated -, uncorrectable 0, timeouts -, unreadable -, link -, 2401 h, 36 °C, wear 0, spare 100, no hard facts",
  "AnalogJ-scrutiny__webapp_backend_pkg_models_testdata_smart-nvme2.json":
    "passed, reallocated -, uncorrectable 0, timeouts -, unreadable -, link -, 6487 h, 38 °C, wear 1, spare 100, no hard facts",
  "Starosdev-scrutiny__webapp_backend_pkg_models_testdata_smart-ata-issue587-realssd-m4.json":
    "passed, reallocated 0, uncorrectable 0, timeouts 0, unreadable 0, link 0, 4179 h, ? °C, wear 2, spare -, no hard facts",
  "Starosdev-scrutiny__webapp_backend_pkg_models_testdata_smart-scsi-sas-env-temp.json":
    "passed, reallocated 0, uncorrectable 0, timeouts -, unreadable -, link -, 12345 h, 38 °C, wear -, spare -, no hard facts",
  "henrygd-beszel__agent_test-data_smart_apple_nvme.json":
    "passed, reallocated -, uncorrectable 0, timeouts -, unreadable -, link -, 2850 h, 42 °C, wear 1, spare 100, no hard facts",
  "henrygd-beszel__agent_test-data_smart_nvme0.json":
    "passed, reallocated -, uncorrectable 0, timeouts -, unreadable -, link -, 4399 h, 61 °C, wear 0, spare 100, no hard facts",
  "henrygd-beszel__agent_test-data_smart_sda.json":
    "passed, reallocated 0, uncorrectable -, timeouts -, unreadable 0, link 131, 7344 h, 31 °C, wear 0, spare 100, no hard facts",
  "influxdata-telegraf__plugins_inputs_smartctl_testcases_device_scsi_extended_response.json":
    "passed, reallocated 0, uncorrectable 0, timeouts -, unreadable -, link -, 34222 h, 24 °C, wear -, spare -, no hard facts",
  "influxdata-telegraf__plugins_inputs_smartctl_testcases_device_usb_response.json":
    "passed, reallocated 0, uncorrectable 0, timeouts -, unreadable -, link -, 11 h, - °C, wear -, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_HITACHI_H109060SESUN600G_10.json":
    "passed, reallocated 0, uncorrectable 0, timeouts -, unreadable -, link -, 22364 h, 26 °C, wear -, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_HP_73.4G_MAS3735NC_25.json":
    "passed, reallocated 0, uncorrectable 0, timeouts -, unreadable -, link -, - h, 28 °C, wear -, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_INTEL_SSDPE2KX080T8_4.json":
    "passed, reallocated -, uncorrectable 0, timeouts -, unreadable -, link -, 12164 h, 29 °C, wear 0, spare 100, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_KXG60ZNV512G_TOSHIBA_2.json":
    "passed, reallocated -, uncorrectable 0, timeouts -, unreadable -, link -, 12173 h, 37 °C, wear 1, spare 100, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_MB0500EBNCR_13.json":
    "passed, reallocated 0, uncorrectable 1, timeouts 0, unreadable 0, link 0, 89214 h, 26 °C, wear -, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_SAMSUNG_MZ7WD240HAFV-00003_22.json":
    "passed, reallocated 0, uncorrectable 0, timeouts -, unreadable -, link 0, 84620 h, 27 °C, wear 10, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_SAMSUNG_MZVL21T0HCLR-00B00_23.json":
    "passed, reallocated -, uncorrectable 0, timeouts -, unreadable -, link -, 10423 h, 29 °C, wear 16, spare 100, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_SEAGATE_ST373453LC_26.json":
    "passed, reallocated 260, uncorrectable 536, timeouts -, unreadable -, link -, 102880 h, 33 °C, wear -, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_SEAGATE_ST373453LC_27.json":
    "passed, reallocated 0, uncorrectable 0, timeouts -, unreadable -, link -, 91691 h, 34 °C, wear -, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_ST3500418AS_12.json":
    "passed, reallocated 304, uncorrectable 0, timeouts 0, unreadable 0, link 0, 44668 h, 33 °C, wear -, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_WDC_WD20EFRX-68EUZN0_18.json":
    "passed, reallocated 0, uncorrectable -, timeouts -, unreadable 0, link 0, 71605 h, 33 °C, wear -, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_nvme-null-INTEL_MEMPEK1W032GA-nvme0.json":
    "passed, reallocated -, uncorrectable 0, timeouts -, unreadable -, link -, 41159 h, 31 °C, wear 1, spare 100, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_nvme-null-INTEL_SSDPE2KX010T8-nvme1.json":
    "passed, reallocated -, uncorrectable 0, timeouts -, unreadable -, link -, 8843 h, 36 °C, wear 73, spare 99, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_nvme-null-INTEL_SSDPE2MX450G7-nvme0.json":
    "passed, reallocated -, uncorrectable 0, timeouts -, unreadable -, link -, 22944 h, 11 °C, wear 0, spare 98, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_nvme-null-MTFDHAX1T6MCE-1AN1ZABYY-nvme0.json":
    "passed, reallocated -, uncorrectable 0, timeouts -, unreadable -, link -, 29891 h, 32 °C, wear 69, spare 100, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_nvme-null-Micron_7300_MTFDHBE3T8TDF-nvme3.json":
    "passed, reallocated -, uncorrectable 0, timeouts -, unreadable -, link -, 8833 h, 26 °C, wear 2, spare 99, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_nvme-null-Micron_7400_MTFDKCB1T6TFC-nvme2.json":
    "passed, reallocated -, uncorrectable 0, timeouts -, unreadable -, link -, 13108 h, 35 °C, wear 4, spare 100, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_nvme-null-SAMSUNG_MZWLL3T2HAJQ-00005-nvme0.json":
    "failed, reallocated -, uncorrectable 0, timeouts -, unreadable -, link -, 18376 h, 40 °C, wear 0, spare 100, smart_failed",
  "prometheus-community-smartctl_exporter__testdata_sat-HGST_Ultrastar_HC310_320-HGST_HUS726T4TALE6L4-sda.json":
    "passed, reallocated 0, uncorrectable -, timeouts -, unreadable 0, link 0, 291 h, 29 °C, wear -, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_sat-Hitachi_HGST_Ultrastar_7K4000-HGST_HUS724040ALA640-sda.json":
    "passed, reallocated 0, uncorrectable -, timeouts -, unreadable 0, link 0, 64012 h, 36 °C, wear -, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_sat-Intel_730_and_DC_S35x0_3610_3700_Series_SSDs-INTEL_SSDSC2BB016T4-sdf.json":
    "passed, reallocated 0, uncorrectable 0, timeouts -, unreadable 0, link 0, 67329 h, 23 °C, wear 85, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_sat-Intel_730_and_DC_S35x0_3610_3700_Series_SSDs-INTEL_SSDSC2BB480G4-sda.json":
    "passed, reallocated 0, uncorrectable 0, timeouts -, unreadable 0, link 3, 56437 h, 21 °C, wear 5, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_sat-Intel_730_and_DC_S35x0_3610_3700_Series_SSDs-INTEL_SSDSC2BB800G6-sdb.json":
    "passed, reallocated 0, uncorrectable 0, timeouts -, unreadable 0, link 0, 68009 h, 30 °C, wear 47, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_sat-Intel_S4510_S4610_S4500_S4600_Series_SSDs-INTEL_SSDSC2KB240G8-sdc.json":
    "passed, reallocated 0, uncorrectable 0, timeouts -, unreadable 0, link 0, 40786 h, 20 °C, wear 12, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_sat-Micron_5100_Pro___52x0___5300_SSDs-Micron_5210_MTFDDAK960QDE-sdm.json":
    "passed, reallocated 0, uncorrectable 0, timeouts 0, unreadable 0, link 0, 3815 h, 19 °C, wear 0, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_sat-Micron_5100_Pro___52x0___5300_SSDs-Micron_5300_MTFDDAK1T9TDS-sda.json":
    "passed, reallocated 0, uncorrectable 0, timeouts 29, unreadable 0, link 24, 4175 h, 24 °C, wear 0, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_sat-Micron_5100_Pro___52x0___5300_SSDs-Micron_5300_MTFDDAK240TDS-sda.json":
    "passed, reallocated 0, uncorrectable 0, timeouts 10, unreadable 0, link 0, 22926 h, 27 °C, wear 0, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_sat-Micron_5100_Pro___52x0___5300_SSDs-Micron_5300_MTFDDAK3T8TDS-sdc.json":
    "passed, reallocated 0, uncorrectable 0, timeouts 11, unreadable 0, link 0, 14643 h, 23 °C, wear 0, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_sat-Micron_5100_Pro___52x0___5300_SSDs-Micron_5300_MTFDDAK960TDS-sdi.json":
    "passed, reallocated 0, uncorrectable 0, timeouts 8, unreadable 0, link 0, 26409 h, 23 °C, wear 1, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_sat-Phison_Driven_SSDs-KINGSTON_SA400M8120G-sda.json":
    "passed, reallocated 0, uncorrectable 0, timeouts -, unreadable -, link 0, 4994 h, 38 °C, wear 2, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_sat-Phison_Driven_SSDs-KINGSTON_SKC400S371T-sda.json":
    "passed, reallocated 1, uncorrectable 0, timeouts -, unreadable 0, link 0, 54450 h, 31 °C, wear 26, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_sat-Samsung_based_SSDs-SAMSUNG_MZ7L3240HCHQ-00A07-sda.json":
    "passed, reallocated 0, uncorrectable 0, timeouts -, unreadable 0, link 0, 10106 h, 30 °C, wear 2, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_sat-Seagate_Constellation_ES.3-ST1000NM0033-9ZM173-sdq.json":
    "passed, reallocated 0, uncorrectable 0, timeouts 0, unreadable 0, link 0, 76915 h, 25 °C, wear -, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_sat-Seagate_Constellation_ES_SATA-ST32000644NS-sda.json":
    "passed, reallocated 0, uncorrectable 0, timeouts 0, unreadable 0, link 0, 45080 h, 27 °C, wear -, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_sat-Seagate_Enterprise_Capacity_3.5_HDD-ST10000NM0016-1TT101-sda.json":
    "passed, reallocated 0, uncorrectable 0, timeouts 0, unreadable 0, link 0, 34013 h, 25 °C, wear -, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_sat-Seagate_Enterprise_Capacity_3.5_HDD-ST1000NM0008-2F2100-sda.json":
    "passed, reallocated 0, uncorrectable 0, timeouts 0, unreadable 0, link 0, 47060 h, 24 °C, wear -, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_sat-Seagate_Enterprise_Capacity_3.5_HDD-ST8000NM0016-1U3101-sds.json":
    "passed, reallocated 0, uncorrectable 0, timeouts 0, unreadable 0, link 0, 38098 h, 21 °C, wear -, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_sat-Seagate_Exos_X16-ST16000NM001G-2KK103-sda.json":
    "passed, reallocated 0, uncorrectable 0, timeouts 12, unreadable 0, link 0, 13114 h, 26 °C, wear -, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_sat-Toshiba_MG04ACA..._Enterprise_HDD-TOSHIBA_MG04ACA200E-sdd.json":
    "passed, reallocated 0, uncorrectable -, timeouts -, unreadable 0, link 0, 38978 h, 34 °C, wear -, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_sat-Toshiba_MG05ACA..._Enterprise_Capacity_HDD-TOSHIBA_MG05ACA800E-sdw.json":
    "passed, reallocated 0, uncorrectable -, timeouts -, unreadable 0, link 0, 37603 h, 24 °C, wear -, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_sat-Toshiba_X300-TOSHIBA_HDWE160-sdb.json":
    "passed, reallocated 0, uncorrectable -, timeouts -, unreadable 0, link 0, 47234 h, 25 °C, wear -, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_sat-Western_Digital_RE4-WDC_WD1003FBYX-01Y7B0-sda.json":
    "passed, reallocated 0, uncorrectable -, timeouts -, unreadable 0, link 644, 92209 h, 24 °C, wear -, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_sat-Western_Digital_Re-WDC_WD2000FYYZ-01UL1B1-sdj.json":
    "passed, reallocated 0, uncorrectable -, timeouts -, unreadable 0, link 0, 28035 h, 22 °C, wear -, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_sat-Western_Digital_Ultrastar_DC_HC550-WDC__WUH721818ALE6L4-sda.json":
    "passed, reallocated 0, uncorrectable -, timeouts -, unreadable 0, link 0, 3533 h, 35 °C, wear -, spare -, no hard facts",
  "prometheus-community-smartctl_exporter__testdata_sat-null-ST8000NM017B-2TJ103-sda.json":
    "passed, reallocated 0, uncorrectable 0, timeouts 0, unreadable 0, link 0, 10645 h, 27 °C, wear -, spare -, no hard facts",
};
