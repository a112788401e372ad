BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0004');
CREATE TABLE checklist_item (
	row_id INTEGER NOT NULL, 
	recorded_by INTEGER NOT NULL, 
	retracted_by INTEGER, 
	patient_id INTEGER NOT NULL, 
	checklist TEXT NOT NULL, 
	about TEXT NOT NULL, 
	item TEXT NOT NULL, 
	examined_on TEXT NOT NULL, 
	examined_on_first DATE NOT NULL, 
	examined_on_last DATE NOT NULL, 
	presence TEXT NOT NULL, 
	since TEXT, 
	since_first DATE, 
	since_last DATE, 
	words TEXT, 
	CONSTRAINT pk_checklist_item PRIMARY KEY (row_id), 
	CONSTRAINT fk_checklist_item_patient_id_patient FOREIGN KEY(patient_id) REFERENCES patient (patient_id), 
	CONSTRAINT fk_checklist_item_recorded_by_ledger_entry FOREIGN KEY(recorded_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT fk_checklist_item_retracted_by_ledger_entry FOREIGN KEY(retracted_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT ck_checklist_item_checklist CHECK (checklist IN ('crps', 'biopsy', 'risk')), 
	CONSTRAINT ck_checklist_item_about CHECK (about = lower(about) AND length(trim(about)) > 0), 
	CONSTRAINT ck_checklist_item_item CHECK (item = lower(item) AND length(trim(item)) > 0), 
	CONSTRAINT ck_checklist_item_presence CHECK (presence IN ('present', 'absent', 'not_examined')), 
	CONSTRAINT ck_checklist_item_since_when_present CHECK (since IS NULL OR presence = 'present'), 
	CONSTRAINT ck_checklist_item_words_filled CHECK (length(trim(words)) > 0 AND length(words) <= 200), 
	CONSTRAINT ck_checklist_item_examined_on_form CHECK (length(examined_on) IN (4, 7, 10, 11, 21)), 
	CONSTRAINT ck_checklist_item_examined_on_order CHECK (examined_on_first <= examined_on_last), 
	CONSTRAINT ck_checklist_item_examined_on_range CHECK (examined_on_first >= '1900-01-01' AND examined_on_last <= '2100-12-31'), 
	CONSTRAINT ck_checklist_item_since_form CHECK (length(since) IN (4, 7, 10, 11, 21)), 
	CONSTRAINT ck_checklist_item_since_order CHECK (since_first <= since_last), 
	CONSTRAINT ck_checklist_item_since_range CHECK (since_first >= '1900-01-01' AND since_last <= '2100-12-31'), 
	CONSTRAINT ck_checklist_item_since_whole CHECK ((since IS NULL) = (since_first IS NULL) AND (since IS NULL) = (since_last IS NULL)), 
	CONSTRAINT ck_checklist_item_retracted_later CHECK (retracted_by > recorded_by)
);
INSERT INTO "checklist_item" VALUES(1,7,NULL,1,'crps','ankle-left','sign-sensory','2026-03-02','2026-03-02','2026-03-02','not_examined',NULL,NULL,NULL,NULL);
CREATE TABLE clinic (
	clinic_id INTEGER NOT NULL, 
	clinic_code TEXT NOT NULL, 
	CONSTRAINT pk_clinic PRIMARY KEY (clinic_id), 
	CONSTRAINT uq_clinic_clinic_code UNIQUE (clinic_code), 
	CONSTRAINT ck_clinic_clinic_code_filled CHECK (length(trim(clinic_code)) > 0 AND length(clinic_code) <= 40)
);
INSERT INTO "clinic" VALUES(1,'default');
CREATE TABLE differential (
	row_id INTEGER NOT NULL, 
	recorded_by INTEGER NOT NULL, 
	retracted_by INTEGER, 
	patient_id INTEGER NOT NULL, 
	about TEXT NOT NULL, 
	cause TEXT NOT NULL, 
	decided_on TEXT NOT NULL, 
	decided_on_first DATE NOT NULL, 
	decided_on_last DATE NOT NULL, 
	state TEXT NOT NULL, 
	how TEXT, 
	decided_by TEXT, 
	CONSTRAINT pk_differential PRIMARY KEY (row_id), 
	CONSTRAINT fk_differential_patient_id_patient FOREIGN KEY(patient_id) REFERENCES patient (patient_id), 
	CONSTRAINT fk_differential_recorded_by_ledger_entry FOREIGN KEY(recorded_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT fk_differential_retracted_by_ledger_entry FOREIGN KEY(retracted_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT ck_differential_about CHECK (about = lower(about) AND length(trim(about)) > 0), 
	CONSTRAINT ck_differential_cause CHECK (cause = lower(cause) AND length(trim(cause)) > 0), 
	CONSTRAINT ck_differential_state CHECK (state IN ('excluded', 'not_excluded', 'pending', 'present')), 
	CONSTRAINT ck_differential_how_filled CHECK (length(trim(how)) > 0 AND length(how) <= 200), 
	CONSTRAINT ck_differential_decided_by_filled CHECK (length(trim(decided_by)) > 0 AND length(decided_by) <= 100), 
	CONSTRAINT ck_differential_decided_on_form CHECK (length(decided_on) IN (4, 7, 10, 11, 21)), 
	CONSTRAINT ck_differential_decided_on_order CHECK (decided_on_first <= decided_on_last), 
	CONSTRAINT ck_differential_decided_on_range CHECK (decided_on_first >= '1900-01-01' AND decided_on_last <= '2100-12-31'), 
	CONSTRAINT ck_differential_retracted_later CHECK (retracted_by > recorded_by)
);
INSERT INTO "differential" VALUES(1,7,NULL,1,'patient','infection','2026-03-02','2026-03-02','2026-03-02','excluded','MRI',NULL);
CREATE TABLE episode (
	episode_id INTEGER NOT NULL, 
	patient_id INTEGER NOT NULL, 
	entry_id INTEGER NOT NULL, 
	CONSTRAINT pk_episode PRIMARY KEY (episode_id), 
	CONSTRAINT fk_episode_patient_id_patient FOREIGN KEY(patient_id) REFERENCES patient (patient_id), 
	CONSTRAINT fk_episode_entry_id_ledger_entry FOREIGN KEY(entry_id) REFERENCES ledger_entry (entry_id)
);
INSERT INTO "episode" VALUES(1,1,2);
CREATE TABLE episode_details (
	row_id INTEGER NOT NULL, 
	recorded_by INTEGER NOT NULL, 
	retracted_by INTEGER, 
	episode_id INTEGER NOT NULL, 
	site TEXT NOT NULL, 
	onset TEXT, 
	onset_first DATE, 
	onset_last DATE, 
	onset_mode TEXT, 
	closed_on TEXT, 
	closed_on_first DATE, 
	closed_on_last DATE, 
	closing_reason TEXT, 
	CONSTRAINT pk_episode_details PRIMARY KEY (row_id), 
	CONSTRAINT fk_episode_details_episode_id_episode FOREIGN KEY(episode_id) REFERENCES episode (episode_id), 
	CONSTRAINT fk_episode_details_recorded_by_ledger_entry FOREIGN KEY(recorded_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT fk_episode_details_retracted_by_ledger_entry FOREIGN KEY(retracted_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT ck_episode_details_site CHECK (site = lower(site) AND length(trim(site)) > 0), 
	CONSTRAINT ck_episode_details_onset_mode CHECK (onset_mode IN ('acute', 'insidious')), 
	CONSTRAINT ck_episode_details_closed_after_onset CHECK (onset_first <= closed_on_last), 
	CONSTRAINT ck_episode_details_closing_reason_filled CHECK (length(trim(closing_reason)) > 0 AND length(closing_reason) <= 500), 
	CONSTRAINT ck_episode_details_closing_reason_when_closed CHECK (closing_reason IS NULL OR closed_on IS NOT NULL), 
	CONSTRAINT ck_episode_details_onset_form CHECK (length(onset) IN (4, 7, 10, 11, 21)), 
	CONSTRAINT ck_episode_details_onset_order CHECK (onset_first <= onset_last), 
	CONSTRAINT ck_episode_details_onset_range CHECK (onset_first >= '1900-01-01' AND onset_last <= '2100-12-31'), 
	CONSTRAINT ck_episode_details_onset_whole CHECK ((onset IS NULL) = (onset_first IS NULL) AND (onset IS NULL) = (onset_last IS NULL)), 
	CONSTRAINT ck_episode_details_closed_on_form CHECK (length(closed_on) IN (4, 7, 10, 11, 21)), 
	CONSTRAINT ck_episode_details_closed_on_order CHECK (closed_on_first <= closed_on_last), 
	CONSTRAINT ck_episode_details_closed_on_range CHECK (closed_on_first >= '1900-01-01' AND closed_on_last <= '2100-12-31'), 
	CONSTRAINT ck_episode_details_closed_on_whole CHECK ((closed_on IS NULL) = (closed_on_first IS NULL) AND (closed_on IS NULL) = (closed_on_last IS NULL)), 
	CONSTRAINT ck_episode_details_retracted_later CHECK (retracted_by > recorded_by)
);
INSERT INTO "episode_details" VALUES(1,2,NULL,1,'talus-left','~2026-01-10','2026-01-10','2026-01-10','insidious','2026-03','2026-03-01','2026-03-31','resolved');
CREATE TABLE export_made (
	row_id INTEGER NOT NULL, 
	recorded_by INTEGER NOT NULL, 
	retracted_by INTEGER, 
	release_name TEXT, 
	kind TEXT NOT NULL, 
	selection TEXT NOT NULL, 
	formats TEXT NOT NULL, 
	n_patients INTEGER NOT NULL, 
	manifest_sha256 TEXT NOT NULL, 
	CONSTRAINT pk_export_made PRIMARY KEY (row_id), 
	CONSTRAINT fk_export_made_recorded_by_ledger_entry FOREIGN KEY(recorded_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT fk_export_made_retracted_by_ledger_entry FOREIGN KEY(retracted_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT ck_export_made_release_name_filled CHECK (length(trim(release_name)) > 0 AND length(release_name) <= 40), 
	CONSTRAINT ck_export_made_kind CHECK (kind IN ('de-identified', 'identified', 'case report')), 
	CONSTRAINT ck_export_made_selection_filled CHECK (length(trim(selection)) > 0 AND length(selection) <= 500), 
	CONSTRAINT ck_export_made_formats_filled CHECK (length(trim(formats)) > 0 AND length(formats) <= 100), 
	CONSTRAINT ck_export_made_n_patients_range CHECK (n_patients >= 0), 
	CONSTRAINT ck_export_made_manifest_sha256_length CHECK (length(manifest_sha256) = 64), 
	CONSTRAINT ck_export_made_release_when_de_identified CHECK ((release_name IS NULL) = (kind <> 'de-identified')), 
	CONSTRAINT ck_export_made_retracted_later CHECK (retracted_by > recorded_by)
);
INSERT INTO "export_made" VALUES(1,8,NULL,'paper','de-identified','all patients','csv',1,'1111111111111111111111111111111111111111111111111111111111111111');
CREATE TABLE flag_decision (
	row_id INTEGER NOT NULL, 
	recorded_by INTEGER NOT NULL, 
	retracted_by INTEGER, 
	patient_id INTEGER NOT NULL, 
	flag TEXT NOT NULL, 
	rule_version TEXT NOT NULL, 
	about TEXT NOT NULL, 
	episode_id INTEGER, 
	decision TEXT NOT NULL, 
	reason TEXT, 
	flag_state TEXT NOT NULL, 
	evidence_until TEXT, 
	evidence_until_first DATE, 
	evidence_until_last DATE, 
	evidence_hash TEXT NOT NULL, 
	decided_on TEXT NOT NULL, 
	decided_on_first DATE NOT NULL, 
	decided_on_last DATE NOT NULL, 
	CONSTRAINT pk_flag_decision PRIMARY KEY (row_id), 
	CONSTRAINT fk_flag_decision_patient_id_patient FOREIGN KEY(patient_id) REFERENCES patient (patient_id), 
	CONSTRAINT fk_flag_decision_episode_id_episode FOREIGN KEY(episode_id) REFERENCES episode (episode_id), 
	CONSTRAINT fk_flag_decision_recorded_by_ledger_entry FOREIGN KEY(recorded_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT fk_flag_decision_retracted_by_ledger_entry FOREIGN KEY(retracted_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT ck_flag_decision_flag CHECK (flag = lower(flag) AND length(trim(flag)) > 0), 
	CONSTRAINT ck_flag_decision_about CHECK (about = lower(about) AND length(trim(about)) > 0), 
	CONSTRAINT ck_flag_decision_rule_version_filled CHECK (length(trim(rule_version)) > 0 AND length(rule_version) <= 20), 
	CONSTRAINT ck_flag_decision_decision CHECK (decision IN ('acknowledged', 'dismissed', 'reopened')), 
	CONSTRAINT ck_flag_decision_reason_filled CHECK (length(trim(reason)) > 0 AND length(reason) <= 500), 
	CONSTRAINT ck_flag_decision_dismissed_with_reason CHECK (decision <> 'dismissed' OR reason IS NOT NULL), 
	CONSTRAINT ck_flag_decision_flag_state_filled CHECK (length(trim(flag_state)) > 0 AND length(flag_state) <= 20), 
	CONSTRAINT ck_flag_decision_evidence_hash_length CHECK (length(evidence_hash) = 64), 
	CONSTRAINT ck_flag_decision_retracted_later CHECK (retracted_by > recorded_by), 
	CONSTRAINT ck_flag_decision_evidence_until_form CHECK (length(evidence_until) IN (4, 7, 10, 11, 21)), 
	CONSTRAINT ck_flag_decision_evidence_until_order CHECK (evidence_until_first <= evidence_until_last), 
	CONSTRAINT ck_flag_decision_evidence_until_range CHECK (evidence_until_first >= '1900-01-01' AND evidence_until_last <= '2100-12-31'), 
	CONSTRAINT ck_flag_decision_evidence_until_whole CHECK ((evidence_until IS NULL) = (evidence_until_first IS NULL) AND (evidence_until IS NULL) = (evidence_until_last IS NULL)), 
	CONSTRAINT ck_flag_decision_decided_on_form CHECK (length(decided_on) IN (4, 7, 10, 11, 21)), 
	CONSTRAINT ck_flag_decision_decided_on_order CHECK (decided_on_first <= decided_on_last), 
	CONSTRAINT ck_flag_decision_decided_on_range CHECK (decided_on_first >= '1900-01-01' AND decided_on_last <= '2100-12-31')
);
INSERT INTO "flag_decision" VALUES(1,7,NULL,1,'raised_crp','1','patient',NULL,'dismissed','a cold','raised',NULL,NULL,NULL,'0000000000000000000000000000000000000000000000000000000000000000','2026-03-02','2026-03-02','2026-03-02');
CREATE TABLE function_score (
	row_id INTEGER NOT NULL, 
	recorded_by INTEGER NOT NULL, 
	retracted_by INTEGER, 
	visit_id INTEGER NOT NULL, 
	about TEXT NOT NULL, 
	scale TEXT NOT NULL, 
	score FLOAT, 
	missing_reason TEXT, 
	CONSTRAINT pk_function_score PRIMARY KEY (row_id), 
	CONSTRAINT fk_function_score_visit_id_visit FOREIGN KEY(visit_id) REFERENCES visit (visit_id), 
	CONSTRAINT fk_function_score_recorded_by_ledger_entry FOREIGN KEY(recorded_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT fk_function_score_retracted_by_ledger_entry FOREIGN KEY(retracted_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT ck_function_score_about CHECK (about = lower(about) AND length(trim(about)) > 0), 
	CONSTRAINT ck_function_score_scale CHECK (scale = lower(scale) AND length(trim(scale)) > 0), 
	CONSTRAINT ck_function_score_missing_reason CHECK (missing_reason IN ('not_asked', 'not_done', 'refused', 'unable', 'unknown')), 
	CONSTRAINT ck_function_score_score_or_reason CHECK ((score IS NULL) = (missing_reason IS NOT NULL)), 
	CONSTRAINT ck_function_score_score_range CHECK (score BETWEEN 0 AND 100), 
	CONSTRAINT ck_function_score_retracted_later CHECK (retracted_by > recorded_by)
);
INSERT INTO "function_score" VALUES(1,7,NULL,1,'talus-left','faam-adl',62.0,NULL);
CREATE TABLE imaging_finding (
	row_id INTEGER NOT NULL, 
	recorded_by INTEGER NOT NULL, 
	retracted_by INTEGER, 
	visit_id INTEGER NOT NULL, 
	modality TEXT NOT NULL, 
	site TEXT NOT NULL, 
	finding TEXT NOT NULL, 
	presence TEXT NOT NULL, 
	edema_percent FLOAT, 
	edema_grade INTEGER, 
	edema_pattern TEXT, 
	CONSTRAINT pk_imaging_finding PRIMARY KEY (row_id), 
	CONSTRAINT fk_imaging_finding_visit_id_visit FOREIGN KEY(visit_id) REFERENCES visit (visit_id), 
	CONSTRAINT fk_imaging_finding_recorded_by_ledger_entry FOREIGN KEY(recorded_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT fk_imaging_finding_retracted_by_ledger_entry FOREIGN KEY(retracted_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT ck_imaging_finding_site CHECK (site = lower(site) AND length(trim(site)) > 0), 
	CONSTRAINT ck_imaging_finding_modality CHECK (modality IN ('mri', 'xray', 'ct', 'dect', 'scintigraphy', 'dxa')), 
	CONSTRAINT ck_imaging_finding_finding CHECK (finding IN ('edema', 'radiolucency', 'effusion', 'soft_tissue_edema', 'uptake', 'subchondral_line', 'fracture_line', 'avn_sign', 'abnormality')), 
	CONSTRAINT ck_imaging_finding_presence CHECK (presence IN ('present', 'absent', 'not_examined')), 
	CONSTRAINT ck_imaging_finding_edema_grade CHECK (edema_grade IN (0, 1, 2, 3)), 
	CONSTRAINT ck_imaging_finding_edema_pattern CHECK (edema_pattern IN ('patchy', 'diffuse', 'ill_defined')), 
	CONSTRAINT ck_imaging_finding_edema_percent_range CHECK (edema_percent BETWEEN 0 AND 100), 
	CONSTRAINT ck_imaging_finding_edema_only CHECK (finding = 'edema' OR (edema_percent IS NULL AND edema_grade IS NULL AND edema_pattern IS NULL)), 
	CONSTRAINT ck_imaging_finding_not_examined_empty CHECK (presence <> 'not_examined' OR (edema_percent IS NULL AND edema_grade IS NULL AND edema_pattern IS NULL)), 
	CONSTRAINT ck_imaging_finding_absent_without_extent CHECK (presence <> 'absent' OR (edema_pattern IS NULL AND coalesce(edema_percent, 0) = 0 AND coalesce(edema_grade, 0) = 0)), 
	CONSTRAINT ck_imaging_finding_present_with_extent CHECK (presence <> 'present' OR (edema_percent > 0 AND edema_grade > 0)), 
	CONSTRAINT ck_imaging_finding_retracted_later CHECK (retracted_by > recorded_by)
);
INSERT INTO "imaging_finding" VALUES(1,3,NULL,1,'mri','talus-left','edema','present',40.0,2,'diffuse');
CREATE TABLE lab_result (
	row_id INTEGER NOT NULL, 
	recorded_by INTEGER NOT NULL, 
	retracted_by INTEGER, 
	visit_id INTEGER NOT NULL, 
	analyte TEXT NOT NULL, 
	value FLOAT, 
	comparator TEXT, 
	unit TEXT, 
	limit_low FLOAT, 
	limit_high FLOAT, 
	judgement TEXT, 
	missing_reason TEXT, 
	CONSTRAINT pk_lab_result PRIMARY KEY (row_id), 
	CONSTRAINT fk_lab_result_visit_id_visit FOREIGN KEY(visit_id) REFERENCES visit (visit_id), 
	CONSTRAINT fk_lab_result_recorded_by_ledger_entry FOREIGN KEY(recorded_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT fk_lab_result_retracted_by_ledger_entry FOREIGN KEY(retracted_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT ck_lab_result_analyte CHECK (analyte = lower(analyte) AND length(trim(analyte)) > 0), 
	CONSTRAINT ck_lab_result_comparator CHECK (comparator IN ('<', '>')), 
	CONSTRAINT ck_lab_result_unit_filled CHECK (length(trim(unit)) > 0 AND length(unit) <= 20), 
	CONSTRAINT ck_lab_result_judgement CHECK (judgement IN ('normal', 'abnormal', 'low', 'high')), 
	CONSTRAINT ck_lab_result_missing_reason CHECK (missing_reason IN ('not_asked', 'not_done', 'refused', 'unable', 'unknown')), 
	CONSTRAINT ck_lab_result_result_or_reason CHECK ((value IS NULL AND judgement IS NULL) = (missing_reason IS NOT NULL)), 
	CONSTRAINT ck_lab_result_value_with_unit CHECK ((value IS NULL) = (unit IS NULL)), 
	CONSTRAINT ck_lab_result_comparator_with_value CHECK (comparator IS NULL OR value IS NOT NULL), 
	CONSTRAINT ck_lab_result_limits_with_value CHECK (value IS NOT NULL OR (limit_low IS NULL AND limit_high IS NULL)), 
	CONSTRAINT ck_lab_result_value_range CHECK (value BETWEEN 0 AND 100000), 
	CONSTRAINT ck_lab_result_limit_low_range CHECK (limit_low BETWEEN 0 AND 100000), 
	CONSTRAINT ck_lab_result_limit_high_range CHECK (limit_high BETWEEN 0 AND 100000), 
	CONSTRAINT ck_lab_result_limits_order CHECK (limit_low < limit_high), 
	CONSTRAINT ck_lab_result_retracted_later CHECK (retracted_by > recorded_by)
);
INSERT INTO "lab_result" VALUES(1,7,NULL,1,'crp',31.0,NULL,'mg/L',NULL,5.0,'high',NULL);
INSERT INTO "lab_result" VALUES(2,7,NULL,1,'esr',NULL,NULL,NULL,NULL,NULL,NULL,'not_done');
CREATE TABLE ledger_entry (
	entry_id INTEGER NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	recorded_by TEXT NOT NULL, 
	command TEXT NOT NULL, 
	reason TEXT, 
	source_name TEXT, 
	source_sha256 TEXT, 
	program_version TEXT NOT NULL, 
	warnings TEXT NOT NULL, 
	undoes INTEGER, 
	previous_hash TEXT NOT NULL, 
	entry_hash TEXT NOT NULL, 
	CONSTRAINT pk_ledger_entry PRIMARY KEY (entry_id), 
	CONSTRAINT uq_ledger_entry_undoes UNIQUE (undoes), 
	CONSTRAINT uq_ledger_entry_previous_hash UNIQUE (previous_hash), 
	CONSTRAINT uq_ledger_entry_entry_hash UNIQUE (entry_hash), 
	CONSTRAINT fk_ledger_entry_undoes_ledger_entry FOREIGN KEY(undoes) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT ck_ledger_entry_recorded_by_filled CHECK (length(trim(recorded_by)) > 0 AND length(recorded_by) <= 100), 
	CONSTRAINT ck_ledger_entry_command_filled CHECK (length(trim(command)) > 0 AND length(command) <= 100), 
	CONSTRAINT ck_ledger_entry_reason_filled CHECK (length(trim(reason)) > 0 AND length(reason) <= 500), 
	CONSTRAINT ck_ledger_entry_source_sha256_length CHECK (length(source_sha256) = 64), 
	CONSTRAINT ck_ledger_entry_previous_hash_length CHECK (length(previous_hash) = 64), 
	CONSTRAINT ck_ledger_entry_entry_hash_length CHECK (length(entry_hash) = 64), 
	CONSTRAINT ck_ledger_entry_undoes_earlier CHECK (undoes < entry_id)
);
INSERT INTO "ledger_entry" VALUES(1,'2026-03-10 08:00:00.000000','ana','patient add','to be upgraded by later versions','old.csv','0000000000000000000000000000000000000000000000000000000000000000','0.1.0','["a score before onset"]',NULL,'0000000000000000000000000000000000000000000000000000000000000000','fa61bcb59f11173912e31aea9bc19e418d562a2bccb0a68f81384b01c3210a21');
INSERT INTO "ledger_entry" VALUES(2,'2026-03-10 09:00:00.000000','ana','episode open','to be upgraded by later versions','old.csv','0000000000000000000000000000000000000000000000000000000000000000','0.1.0','["a score before onset"]',NULL,'fa61bcb59f11173912e31aea9bc19e418d562a2bccb0a68f81384b01c3210a21','734703bea925b0188ebf9e8b774ffc8adf8265f061f2eaaa51cf47639637a954');
INSERT INTO "ledger_entry" VALUES(3,'2026-03-10 10:00:00.000000','ana','visit add','to be upgraded by later versions','old.csv','0000000000000000000000000000000000000000000000000000000000000000','0.1.0','["a score before onset"]',NULL,'734703bea925b0188ebf9e8b774ffc8adf8265f061f2eaaa51cf47639637a954','2b40d96a4158f6ec9a0248189b4d45f01308a279f78e5695491184d1e9d89a8c');
INSERT INTO "ledger_entry" VALUES(4,'2026-03-10 11:00:00.000000','ana','visit amend','to be upgraded by later versions','old.csv','0000000000000000000000000000000000000000000000000000000000000000','0.1.0','["a score before onset"]',NULL,'2b40d96a4158f6ec9a0248189b4d45f01308a279f78e5695491184d1e9d89a8c','6261bdbe757003de279cf58daf89179c62d3bd7f5a182c78dc98412c7cf53188');
INSERT INTO "ledger_entry" VALUES(5,'2026-03-10 12:00:00.000000','ana','visit void','to be upgraded by later versions','old.csv','0000000000000000000000000000000000000000000000000000000000000000','0.1.0','["a score before onset"]',NULL,'6261bdbe757003de279cf58daf89179c62d3bd7f5a182c78dc98412c7cf53188','2d5e1d5a07dd0f194511a86f8142ca7f70ddb1731a7027ea80a3c20026ae1e2a');
INSERT INTO "ledger_entry" VALUES(6,'2026-03-10 13:00:00.000000','ana','undo','to be upgraded by later versions','old.csv','0000000000000000000000000000000000000000000000000000000000000000','0.1.0','["a score before onset"]',4,'2d5e1d5a07dd0f194511a86f8142ca7f70ddb1731a7027ea80a3c20026ae1e2a','f1524faf9add6f2ca5d682d9eb6c99cf0d00abb5af530d9ec9d371f51994611d');
INSERT INTO "ledger_entry" VALUES(7,'2026-03-10 14:00:00.000000','ana','visit edit','to be upgraded by later versions','old.csv','0000000000000000000000000000000000000000000000000000000000000000','0.1.0','["a score before onset"]',NULL,'f1524faf9add6f2ca5d682d9eb6c99cf0d00abb5af530d9ec9d371f51994611d','44a51a40f96130651705e2b906acc344955c1c611170693245ec171016145e90');
INSERT INTO "ledger_entry" VALUES(8,'2026-03-10 15:00:00.000000','ana','export','to be upgraded by later versions','old.csv','0000000000000000000000000000000000000000000000000000000000000000','0.1.0','["a score before onset"]',NULL,'44a51a40f96130651705e2b906acc344955c1c611170693245ec171016145e90','bfa3a61fc1078a930d96959cb06e2bd30091b54569f7805e5e8470814738a6c3');
CREATE TABLE note (
	row_id INTEGER NOT NULL, 
	recorded_by INTEGER NOT NULL, 
	retracted_by INTEGER, 
	patient_id INTEGER NOT NULL, 
	visit_id INTEGER, 
	site TEXT, 
	text TEXT NOT NULL, 
	CONSTRAINT pk_note PRIMARY KEY (row_id), 
	CONSTRAINT fk_note_patient_id_patient FOREIGN KEY(patient_id) REFERENCES patient (patient_id), 
	CONSTRAINT fk_note_visit_id_patient_id_visit FOREIGN KEY(visit_id, patient_id) REFERENCES visit (visit_id, patient_id), 
	CONSTRAINT fk_note_recorded_by_ledger_entry FOREIGN KEY(recorded_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT fk_note_retracted_by_ledger_entry FOREIGN KEY(retracted_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT ck_note_site CHECK (site = lower(site) AND length(trim(site)) > 0), 
	CONSTRAINT ck_note_text_filled CHECK (length(trim(text)) > 0 AND length(text) <= 4000), 
	CONSTRAINT ck_note_retracted_later CHECK (retracted_by > recorded_by)
);
INSERT INTO "note" VALUES(1,3,5,1,1,'talus-left','Geht an Krücken.');
CREATE TABLE pain_score (
	row_id INTEGER NOT NULL, 
	recorded_by INTEGER NOT NULL, 
	retracted_by INTEGER, 
	visit_id INTEGER NOT NULL, 
	site TEXT NOT NULL, 
	instrument TEXT NOT NULL, 
	aspect TEXT NOT NULL, 
	score INTEGER, 
	missing_reason TEXT, 
	CONSTRAINT pk_pain_score PRIMARY KEY (row_id), 
	CONSTRAINT fk_pain_score_visit_id_visit FOREIGN KEY(visit_id) REFERENCES visit (visit_id), 
	CONSTRAINT fk_pain_score_recorded_by_ledger_entry FOREIGN KEY(recorded_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT fk_pain_score_retracted_by_ledger_entry FOREIGN KEY(retracted_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT ck_pain_score_site CHECK (site = lower(site) AND length(trim(site)) > 0), 
	CONSTRAINT ck_pain_score_instrument CHECK (instrument IN ('nrs', 'vas')), 
	CONSTRAINT ck_pain_score_aspect CHECK (aspect IN ('overall', 'load', 'rest', 'night')), 
	CONSTRAINT ck_pain_score_missing_reason CHECK (missing_reason IN ('not_asked', 'not_done', 'refused', 'unable', 'unknown')), 
	CONSTRAINT ck_pain_score_score_or_reason CHECK ((score IS NULL) = (missing_reason IS NOT NULL)), 
	CONSTRAINT ck_pain_score_nrs_range CHECK (instrument <> 'nrs' OR score BETWEEN 0 AND 10), 
	CONSTRAINT ck_pain_score_vas_range CHECK (instrument <> 'vas' OR score BETWEEN 0 AND 100), 
	CONSTRAINT ck_pain_score_score_whole CHECK (score = CAST(score AS INTEGER)), 
	CONSTRAINT ck_pain_score_retracted_later CHECK (retracted_by > recorded_by)
);
INSERT INTO "pain_score" VALUES(1,3,4,1,'talus-left','nrs','load',7,NULL);
INSERT INTO "pain_score" VALUES(2,3,NULL,1,'talus-left','vas','night',NULL,'refused');
INSERT INTO "pain_score" VALUES(3,4,6,1,'talus-left','nrs','load',8,NULL);
INSERT INTO "pain_score" VALUES(4,6,NULL,1,'talus-left','nrs','load',7,NULL);
CREATE TABLE patient (
	patient_id INTEGER NOT NULL, 
	clinic_id INTEGER NOT NULL, 
	entry_id INTEGER NOT NULL, 
	CONSTRAINT pk_patient PRIMARY KEY (patient_id), 
	CONSTRAINT fk_patient_clinic_id_clinic FOREIGN KEY(clinic_id) REFERENCES clinic (clinic_id), 
	CONSTRAINT fk_patient_entry_id_ledger_entry FOREIGN KEY(entry_id) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT uq_patient_patient_id_clinic_id UNIQUE (patient_id, clinic_id)
);
INSERT INTO "patient" VALUES(1,1,1);
CREATE TABLE patient_details (
	row_id INTEGER NOT NULL, 
	recorded_by INTEGER NOT NULL, 
	retracted_by INTEGER, 
	patient_id INTEGER NOT NULL, 
	clinic_id INTEGER NOT NULL, 
	patient_code TEXT NOT NULL, 
	sex TEXT NOT NULL, 
	birth TEXT, 
	birth_first DATE, 
	birth_last DATE, 
	CONSTRAINT pk_patient_details PRIMARY KEY (row_id), 
	CONSTRAINT fk_patient_details_patient_id_clinic_id_patient FOREIGN KEY(patient_id, clinic_id) REFERENCES patient (patient_id, clinic_id), 
	CONSTRAINT fk_patient_details_recorded_by_ledger_entry FOREIGN KEY(recorded_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT fk_patient_details_retracted_by_ledger_entry FOREIGN KEY(retracted_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT ck_patient_details_patient_code_filled CHECK (length(trim(patient_code)) > 0 AND length(patient_code) <= 40), 
	CONSTRAINT ck_patient_details_sex CHECK (sex IN ('F', 'M', 'X', 'unknown')), 
	CONSTRAINT ck_patient_details_birth_form CHECK (length(birth) IN (4, 7, 10, 11, 21)), 
	CONSTRAINT ck_patient_details_birth_order CHECK (birth_first <= birth_last), 
	CONSTRAINT ck_patient_details_birth_range CHECK (birth_first >= '1900-01-01' AND birth_last <= '2100-12-31'), 
	CONSTRAINT ck_patient_details_birth_whole CHECK ((birth IS NULL) = (birth_first IS NULL) AND (birth IS NULL) = (birth_last IS NULL)), 
	CONSTRAINT ck_patient_details_retracted_later CHECK (retracted_by > recorded_by)
);
INSERT INTO "patient_details" VALUES(1,1,NULL,1,1,'OLD-1','F','1970-05','1970-05-01','1970-05-31');
CREATE TABLE pregnancy_status (
	row_id INTEGER NOT NULL, 
	recorded_by INTEGER NOT NULL, 
	retracted_by INTEGER, 
	patient_id INTEGER NOT NULL, 
	stated_on TEXT NOT NULL, 
	stated_on_first DATE NOT NULL, 
	stated_on_last DATE NOT NULL, 
	state TEXT, 
	gestational_week INTEGER, 
	missing_reason TEXT, 
	CONSTRAINT pk_pregnancy_status PRIMARY KEY (row_id), 
	CONSTRAINT fk_pregnancy_status_patient_id_patient FOREIGN KEY(patient_id) REFERENCES patient (patient_id), 
	CONSTRAINT fk_pregnancy_status_recorded_by_ledger_entry FOREIGN KEY(recorded_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT fk_pregnancy_status_retracted_by_ledger_entry FOREIGN KEY(retracted_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT ck_pregnancy_status_state CHECK (state IN ('pregnant', 'delivered', 'ended', 'not_pregnant')), 
	CONSTRAINT ck_pregnancy_status_missing_reason CHECK (missing_reason IN ('not_asked', 'not_done', 'refused', 'unable', 'unknown')), 
	CONSTRAINT ck_pregnancy_status_state_or_reason CHECK ((state IS NULL) = (missing_reason IS NOT NULL)), 
	CONSTRAINT ck_pregnancy_status_gestational_week_range CHECK (gestational_week BETWEEN 0 AND 45), 
	CONSTRAINT ck_pregnancy_status_gestational_week_whole CHECK (gestational_week = CAST(gestational_week AS INTEGER)), 
	CONSTRAINT ck_pregnancy_status_gestational_week_of_pregnancy CHECK (gestational_week IS NULL OR (state IS NOT NULL AND state <> 'not_pregnant')), 
	CONSTRAINT ck_pregnancy_status_stated_on_form CHECK (length(stated_on) IN (4, 7, 10, 11, 21)), 
	CONSTRAINT ck_pregnancy_status_stated_on_order CHECK (stated_on_first <= stated_on_last), 
	CONSTRAINT ck_pregnancy_status_stated_on_range CHECK (stated_on_first >= '1900-01-01' AND stated_on_last <= '2100-12-31'), 
	CONSTRAINT ck_pregnancy_status_retracted_later CHECK (retracted_by > recorded_by)
);
INSERT INTO "pregnancy_status" VALUES(1,7,NULL,1,'2026-03-02','2026-03-02','2026-03-02','pregnant',30,NULL);
CREATE TABLE release_key (
	row_id INTEGER NOT NULL, 
	recorded_by INTEGER NOT NULL, 
	retracted_by INTEGER, 
	release_name TEXT NOT NULL, 
	secret TEXT NOT NULL, 
	CONSTRAINT pk_release_key PRIMARY KEY (row_id), 
	CONSTRAINT fk_release_key_recorded_by_ledger_entry FOREIGN KEY(recorded_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT fk_release_key_retracted_by_ledger_entry FOREIGN KEY(retracted_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT ck_release_key_release_name_filled CHECK (length(trim(release_name)) > 0 AND length(release_name) <= 40), 
	CONSTRAINT ck_release_key_secret_length CHECK (length(secret) = 64), 
	CONSTRAINT ck_release_key_retracted_later CHECK (retracted_by > recorded_by)
);
INSERT INTO "release_key" VALUES(1,8,NULL,'paper','5555555555555555555555555555555555555555555555555555555555555555');
CREATE TABLE treatment (
	treatment_id INTEGER NOT NULL, 
	patient_id INTEGER NOT NULL, 
	entry_id INTEGER NOT NULL, 
	CONSTRAINT pk_treatment PRIMARY KEY (treatment_id), 
	CONSTRAINT fk_treatment_patient_id_patient FOREIGN KEY(patient_id) REFERENCES patient (patient_id), 
	CONSTRAINT fk_treatment_entry_id_ledger_entry FOREIGN KEY(entry_id) REFERENCES ledger_entry (entry_id)
);
INSERT INTO "treatment" VALUES(1,1,7);
CREATE TABLE treatment_details (
	row_id INTEGER NOT NULL, 
	recorded_by INTEGER NOT NULL, 
	retracted_by INTEGER, 
	treatment_id INTEGER NOT NULL, 
	treatment TEXT NOT NULL, 
	words TEXT, 
	site TEXT, 
	started TEXT, 
	started_first DATE, 
	started_last DATE, 
	ended TEXT, 
	ended_first DATE, 
	ended_last DATE, 
	ending_reason TEXT, 
	CONSTRAINT pk_treatment_details PRIMARY KEY (row_id), 
	CONSTRAINT fk_treatment_details_treatment_id_treatment FOREIGN KEY(treatment_id) REFERENCES treatment (treatment_id), 
	CONSTRAINT fk_treatment_details_recorded_by_ledger_entry FOREIGN KEY(recorded_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT fk_treatment_details_retracted_by_ledger_entry FOREIGN KEY(retracted_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT ck_treatment_details_treatment CHECK (treatment = lower(treatment) AND length(trim(treatment)) > 0), 
	CONSTRAINT ck_treatment_details_words_filled CHECK (length(trim(words)) > 0 AND length(words) <= 200), 
	CONSTRAINT ck_treatment_details_other_in_words CHECK (treatment <> 'other' OR words IS NOT NULL), 
	CONSTRAINT ck_treatment_details_site CHECK (site = lower(site) AND length(trim(site)) > 0), 
	CONSTRAINT ck_treatment_details_ended_after_start CHECK (started_first <= ended_last), 
	CONSTRAINT ck_treatment_details_ending_reason_filled CHECK (length(trim(ending_reason)) > 0 AND length(ending_reason) <= 500), 
	CONSTRAINT ck_treatment_details_ending_reason_when_ended CHECK (ending_reason IS NULL OR ended IS NOT NULL), 
	CONSTRAINT ck_treatment_details_started_form CHECK (length(started) IN (4, 7, 10, 11, 21)), 
	CONSTRAINT ck_treatment_details_started_order CHECK (started_first <= started_last), 
	CONSTRAINT ck_treatment_details_started_range CHECK (started_first >= '1900-01-01' AND started_last <= '2100-12-31'), 
	CONSTRAINT ck_treatment_details_started_whole CHECK ((started IS NULL) = (started_first IS NULL) AND (started IS NULL) = (started_last IS NULL)), 
	CONSTRAINT ck_treatment_details_ended_form CHECK (length(ended) IN (4, 7, 10, 11, 21)), 
	CONSTRAINT ck_treatment_details_ended_order CHECK (ended_first <= ended_last), 
	CONSTRAINT ck_treatment_details_ended_range CHECK (ended_first >= '1900-01-01' AND ended_last <= '2100-12-31'), 
	CONSTRAINT ck_treatment_details_ended_whole CHECK ((ended IS NULL) = (ended_first IS NULL) AND (ended IS NULL) = (ended_last IS NULL)), 
	CONSTRAINT ck_treatment_details_retracted_later CHECK (retracted_by > recorded_by)
);
INSERT INTO "treatment_details" VALUES(1,7,NULL,1,'ibandronate',NULL,'talus-left','2026-02','2026-02-01','2026-02-28','2026-03','2026-03-01','2026-03-31','healed');
CREATE TABLE treatment_dose (
	row_id INTEGER NOT NULL, 
	recorded_by INTEGER NOT NULL, 
	retracted_by INTEGER, 
	treatment_id INTEGER NOT NULL, 
	dose_since TEXT NOT NULL, 
	dose_since_first DATE NOT NULL, 
	dose_since_last DATE NOT NULL, 
	dose FLOAT NOT NULL, 
	dose_unit TEXT NOT NULL, 
	schedule TEXT, 
	CONSTRAINT pk_treatment_dose PRIMARY KEY (row_id), 
	CONSTRAINT fk_treatment_dose_treatment_id_treatment FOREIGN KEY(treatment_id) REFERENCES treatment (treatment_id), 
	CONSTRAINT fk_treatment_dose_recorded_by_ledger_entry FOREIGN KEY(recorded_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT fk_treatment_dose_retracted_by_ledger_entry FOREIGN KEY(retracted_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT ck_treatment_dose_dose_range CHECK (dose BETWEEN 0 AND 1000000), 
	CONSTRAINT ck_treatment_dose_dose_unit CHECK (dose_unit IN ('ug', 'mg', 'g', 'IU', 'mL', 'kg', 'sessions')), 
	CONSTRAINT ck_treatment_dose_schedule_filled CHECK (length(trim(schedule)) > 0 AND length(schedule) <= 100), 
	CONSTRAINT ck_treatment_dose_dose_since_form CHECK (length(dose_since) IN (4, 7, 10, 11, 21)), 
	CONSTRAINT ck_treatment_dose_dose_since_order CHECK (dose_since_first <= dose_since_last), 
	CONSTRAINT ck_treatment_dose_dose_since_range CHECK (dose_since_first >= '1900-01-01' AND dose_since_last <= '2100-12-31'), 
	CONSTRAINT ck_treatment_dose_retracted_later CHECK (retracted_by > recorded_by)
);
INSERT INTO "treatment_dose" VALUES(1,7,NULL,1,'2026-02','2026-02-01','2026-02-28',150.0,'mg','monthly');
CREATE TABLE visit (
	visit_id INTEGER NOT NULL, 
	patient_id INTEGER NOT NULL, 
	entry_id INTEGER NOT NULL, 
	CONSTRAINT pk_visit PRIMARY KEY (visit_id), 
	CONSTRAINT fk_visit_patient_id_patient FOREIGN KEY(patient_id) REFERENCES patient (patient_id), 
	CONSTRAINT fk_visit_entry_id_ledger_entry FOREIGN KEY(entry_id) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT uq_visit_visit_id_patient_id UNIQUE (visit_id, patient_id)
);
INSERT INTO "visit" VALUES(1,1,3);
CREATE TABLE visit_details (
	row_id INTEGER NOT NULL, 
	recorded_by INTEGER NOT NULL, 
	retracted_by INTEGER, 
	visit_id INTEGER NOT NULL, 
	visit_date TEXT NOT NULL, 
	visit_date_first DATE NOT NULL, 
	visit_date_last DATE NOT NULL, 
	CONSTRAINT pk_visit_details PRIMARY KEY (row_id), 
	CONSTRAINT fk_visit_details_visit_id_visit FOREIGN KEY(visit_id) REFERENCES visit (visit_id), 
	CONSTRAINT fk_visit_details_recorded_by_ledger_entry FOREIGN KEY(recorded_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT fk_visit_details_retracted_by_ledger_entry FOREIGN KEY(retracted_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT ck_visit_details_visit_date_form CHECK (length(visit_date) IN (4, 7, 10, 11, 21)), 
	CONSTRAINT ck_visit_details_visit_date_order CHECK (visit_date_first <= visit_date_last), 
	CONSTRAINT ck_visit_details_visit_date_range CHECK (visit_date_first >= '1900-01-01' AND visit_date_last <= '2100-12-31'), 
	CONSTRAINT ck_visit_details_retracted_later CHECK (retracted_by > recorded_by)
);
INSERT INTO "visit_details" VALUES(1,3,NULL,1,'2026-03-01/2026-03-09','2026-03-01','2026-03-09');
CREATE TABLE vitamin_d (
	row_id INTEGER NOT NULL, 
	recorded_by INTEGER NOT NULL, 
	retracted_by INTEGER, 
	visit_id INTEGER NOT NULL, 
	value FLOAT, 
	unit TEXT, 
	comparator TEXT, 
	assay TEXT, 
	missing_reason TEXT, 
	CONSTRAINT pk_vitamin_d PRIMARY KEY (row_id), 
	CONSTRAINT fk_vitamin_d_visit_id_visit FOREIGN KEY(visit_id) REFERENCES visit (visit_id), 
	CONSTRAINT fk_vitamin_d_recorded_by_ledger_entry FOREIGN KEY(recorded_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT fk_vitamin_d_retracted_by_ledger_entry FOREIGN KEY(retracted_by) REFERENCES ledger_entry (entry_id), 
	CONSTRAINT ck_vitamin_d_unit CHECK (unit IN ('ng/mL', 'nmol/L', 'ug/L')), 
	CONSTRAINT ck_vitamin_d_comparator CHECK (comparator IN ('<', '>')), 
	CONSTRAINT ck_vitamin_d_missing_reason CHECK (missing_reason IN ('not_asked', 'not_done', 'refused', 'unable', 'unknown')), 
	CONSTRAINT ck_vitamin_d_value_or_reason CHECK ((value IS NULL) = (missing_reason IS NOT NULL)), 
	CONSTRAINT ck_vitamin_d_value_with_unit CHECK ((value IS NULL) = (unit IS NULL)), 
	CONSTRAINT ck_vitamin_d_comparator_with_value CHECK (comparator IS NULL OR value IS NOT NULL), 
	CONSTRAINT ck_vitamin_d_value_range CHECK (value BETWEEN 0.1 AND 1000), 
	CONSTRAINT ck_vitamin_d_assay_filled CHECK (length(trim(assay)) > 0 AND length(assay) <= 100), 
	CONSTRAINT ck_vitamin_d_retracted_later CHECK (retracted_by > recorded_by)
);
INSERT INTO "vitamin_d" VALUES(1,3,NULL,1,12.5,'nmol/L','<','LC-MS',NULL);
CREATE INDEX ix_ledger_entry_recorded_at ON ledger_entry (recorded_at);
CREATE INDEX ix_patient_entry_id ON patient (entry_id);
CREATE INDEX ix_episode_entry_id ON episode (entry_id);
CREATE INDEX ix_visit_entry_id ON visit (entry_id);
CREATE INDEX ix_episode_patient_id ON episode (patient_id);
CREATE INDEX ix_visit_patient_id ON visit (patient_id);
CREATE INDEX ix_note_visit_id ON note (visit_id);
CREATE INDEX ix_patient_details_recorded_by ON patient_details (recorded_by);
CREATE INDEX ix_patient_details_retracted_by ON patient_details (retracted_by);
CREATE INDEX ix_patient_details_patient_id ON patient_details (patient_id);
CREATE UNIQUE INDEX uq_patient_details_current ON patient_details (patient_id) WHERE retracted_by IS NULL;
CREATE UNIQUE INDEX uq_patient_details_current_code ON patient_details (clinic_id, patient_code) WHERE retracted_by IS NULL;
CREATE INDEX ix_episode_details_recorded_by ON episode_details (recorded_by);
CREATE INDEX ix_episode_details_retracted_by ON episode_details (retracted_by);
CREATE INDEX ix_episode_details_episode_id ON episode_details (episode_id);
CREATE UNIQUE INDEX uq_episode_details_current ON episode_details (episode_id) WHERE retracted_by IS NULL;
CREATE INDEX ix_visit_details_recorded_by ON visit_details (recorded_by);
CREATE INDEX ix_visit_details_retracted_by ON visit_details (retracted_by);
CREATE INDEX ix_visit_details_visit_id ON visit_details (visit_id);
CREATE UNIQUE INDEX uq_visit_details_current ON visit_details (visit_id) WHERE retracted_by IS NULL;
CREATE INDEX ix_pain_score_recorded_by ON pain_score (recorded_by);
CREATE INDEX ix_pain_score_retracted_by ON pain_score (retracted_by);
CREATE INDEX ix_pain_score_visit_id ON pain_score (visit_id);
CREATE UNIQUE INDEX uq_pain_score_current ON pain_score (visit_id, site, instrument, aspect) WHERE retracted_by IS NULL;
CREATE INDEX ix_vitamin_d_recorded_by ON vitamin_d (recorded_by);
CREATE INDEX ix_vitamin_d_retracted_by ON vitamin_d (retracted_by);
CREATE INDEX ix_vitamin_d_visit_id ON vitamin_d (visit_id);
CREATE UNIQUE INDEX uq_vitamin_d_current ON vitamin_d (visit_id) WHERE retracted_by IS NULL;
CREATE INDEX ix_imaging_finding_recorded_by ON imaging_finding (recorded_by);
CREATE INDEX ix_imaging_finding_retracted_by ON imaging_finding (retracted_by);
CREATE INDEX ix_imaging_finding_visit_id ON imaging_finding (visit_id);
CREATE UNIQUE INDEX uq_imaging_finding_current ON imaging_finding (visit_id, modality, site, finding) WHERE retracted_by IS NULL;
CREATE INDEX ix_note_recorded_by ON note (recorded_by);
CREATE INDEX ix_note_retracted_by ON note (retracted_by);
CREATE INDEX ix_note_patient_id ON note (patient_id);
CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry
BEGIN
    SELECT RAISE(ABORT, 'ledger_entry_no_delete: what was recorded stays as it was');
END;
CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry
BEGIN
    SELECT RAISE(ABORT, 'ledger_entry_no_update: what was recorded stays as it was');
END;
CREATE TRIGGER ledger_entry_no_replace BEFORE INSERT ON ledger_entry
BEGIN
    SELECT RAISE(ABORT, 'pk_ledger_entry: such a row is already there') WHERE EXISTS (SELECT 1 FROM ledger_entry WHERE entry_id = NEW.entry_id);
    SELECT RAISE(ABORT, 'uq_ledger_entry_entry_hash: such a row is already there') WHERE EXISTS (SELECT 1 FROM ledger_entry WHERE entry_hash = NEW.entry_hash);
    SELECT RAISE(ABORT, 'uq_ledger_entry_previous_hash: such a row is already there') WHERE EXISTS (SELECT 1 FROM ledger_entry WHERE previous_hash = NEW.previous_hash);
    SELECT RAISE(ABORT, 'uq_ledger_entry_undoes: such a row is already there') WHERE EXISTS (SELECT 1 FROM ledger_entry WHERE undoes = NEW.undoes);
END;
CREATE TRIGGER clinic_no_delete BEFORE DELETE ON clinic
BEGIN
    SELECT RAISE(ABORT, 'clinic_no_delete: what was recorded stays as it was');
END;
CREATE TRIGGER clinic_no_update BEFORE UPDATE ON clinic
BEGIN
    SELECT RAISE(ABORT, 'clinic_no_update: what was recorded stays as it was');
END;
CREATE TRIGGER clinic_no_replace BEFORE INSERT ON clinic
BEGIN
    SELECT RAISE(ABORT, 'pk_clinic: such a row is already there') WHERE EXISTS (SELECT 1 FROM clinic WHERE clinic_id = NEW.clinic_id);
    SELECT RAISE(ABORT, 'uq_clinic_clinic_code: such a row is already there') WHERE EXISTS (SELECT 1 FROM clinic WHERE clinic_code = NEW.clinic_code);
END;
CREATE TRIGGER patient_no_delete BEFORE DELETE ON patient
BEGIN
    SELECT RAISE(ABORT, 'patient_no_delete: what was recorded stays as it was');
END;
CREATE TRIGGER patient_no_update BEFORE UPDATE ON patient
BEGIN
    SELECT RAISE(ABORT, 'patient_no_update: what was recorded stays as it was');
END;
CREATE TRIGGER patient_no_replace BEFORE INSERT ON patient
BEGIN
    SELECT RAISE(ABORT, 'pk_patient: such a row is already there') WHERE EXISTS (SELECT 1 FROM patient WHERE patient_id = NEW.patient_id);
END;
CREATE TRIGGER episode_no_delete BEFORE DELETE ON episode
BEGIN
    SELECT RAISE(ABORT, 'episode_no_delete: what was recorded stays as it was');
END;
CREATE TRIGGER episode_no_update BEFORE UPDATE ON episode
BEGIN
    SELECT RAISE(ABORT, 'episode_no_update: what was recorded stays as it was');
END;
CREATE TRIGGER episode_no_replace BEFORE INSERT ON episode
BEGIN
    SELECT RAISE(ABORT, 'pk_episode: such a row is already there') WHERE EXISTS (SELECT 1 FROM episode WHERE episode_id = NEW.episode_id);
END;
CREATE TRIGGER visit_no_delete BEFORE DELETE ON visit
BEGIN
    SELECT RAISE(ABORT, 'visit_no_delete: what was recorded stays as it was');
END;
CREATE TRIGGER visit_no_update BEFORE UPDATE ON visit
BEGIN
    SELECT RAISE(ABORT, 'visit_no_update: what was recorded stays as it was');
END;
CREATE TRIGGER visit_no_replace BEFORE INSERT ON visit
BEGIN
    SELECT RAISE(ABORT, 'pk_visit: such a row is already there') WHERE EXISTS (SELECT 1 FROM visit WHERE visit_id = NEW.visit_id);
END;
CREATE TRIGGER patient_details_no_delete BEFORE DELETE ON patient_details
BEGIN
    SELECT RAISE(ABORT, 'patient_details_no_delete: what was recorded stays as it was');
END;
CREATE TRIGGER patient_details_only_retract BEFORE UPDATE ON patient_details WHEN NOT (OLD.retracted_by IS NULL AND NEW.retracted_by IS NOT NULL AND NEW.row_id IS OLD.row_id AND NEW.recorded_by IS OLD.recorded_by AND NEW.patient_id IS OLD.patient_id AND NEW.clinic_id IS OLD.clinic_id AND NEW.patient_code IS OLD.patient_code AND NEW.sex IS OLD.sex AND NEW.birth IS OLD.birth AND NEW.birth_first IS OLD.birth_first AND NEW.birth_last IS OLD.birth_last)
BEGIN
    SELECT RAISE(ABORT, 'patient_details_only_retract: what was recorded stays as it was');
END;
CREATE TRIGGER patient_details_no_replace BEFORE INSERT ON patient_details
BEGIN
    SELECT RAISE(ABORT, 'pk_patient_details: such a row is already there') WHERE EXISTS (SELECT 1 FROM patient_details WHERE row_id = NEW.row_id);
    SELECT RAISE(ABORT, 'uq_patient_details_current: such a row is already there') WHERE EXISTS (SELECT 1 FROM patient_details WHERE patient_id = NEW.patient_id AND retracted_by IS NULL AND NEW.retracted_by IS NULL);
    SELECT RAISE(ABORT, 'uq_patient_details_current_code: such a row is already there') WHERE EXISTS (SELECT 1 FROM patient_details WHERE clinic_id = NEW.clinic_id AND patient_code = NEW.patient_code AND retracted_by IS NULL AND NEW.retracted_by IS NULL);
END;
CREATE TRIGGER episode_details_no_delete BEFORE DELETE ON episode_details
BEGIN
    SELECT RAISE(ABORT, 'episode_details_no_delete: what was recorded stays as it was');
END;
CREATE TRIGGER episode_details_only_retract BEFORE UPDATE ON episode_details WHEN NOT (OLD.retracted_by IS NULL AND NEW.retracted_by IS NOT NULL AND NEW.row_id IS OLD.row_id AND NEW.recorded_by IS OLD.recorded_by AND NEW.episode_id IS OLD.episode_id AND NEW.site IS OLD.site AND NEW.onset IS OLD.onset AND NEW.onset_first IS OLD.onset_first AND NEW.onset_last IS OLD.onset_last AND NEW.onset_mode IS OLD.onset_mode AND NEW.closed_on IS OLD.closed_on AND NEW.closed_on_first IS OLD.closed_on_first AND NEW.closed_on_last IS OLD.closed_on_last AND NEW.closing_reason IS OLD.closing_reason)
BEGIN
    SELECT RAISE(ABORT, 'episode_details_only_retract: what was recorded stays as it was');
END;
CREATE TRIGGER episode_details_no_replace BEFORE INSERT ON episode_details
BEGIN
    SELECT RAISE(ABORT, 'pk_episode_details: such a row is already there') WHERE EXISTS (SELECT 1 FROM episode_details WHERE row_id = NEW.row_id);
    SELECT RAISE(ABORT, 'uq_episode_details_current: such a row is already there') WHERE EXISTS (SELECT 1 FROM episode_details WHERE episode_id = NEW.episode_id AND retracted_by IS NULL AND NEW.retracted_by IS NULL);
END;
CREATE TRIGGER visit_details_no_delete BEFORE DELETE ON visit_details
BEGIN
    SELECT RAISE(ABORT, 'visit_details_no_delete: what was recorded stays as it was');
END;
CREATE TRIGGER visit_details_only_retract BEFORE UPDATE ON visit_details WHEN NOT (OLD.retracted_by IS NULL AND NEW.retracted_by IS NOT NULL AND NEW.row_id IS OLD.row_id AND NEW.recorded_by IS OLD.recorded_by AND NEW.visit_id IS OLD.visit_id AND NEW.visit_date IS OLD.visit_date AND NEW.visit_date_first IS OLD.visit_date_first AND NEW.visit_date_last IS OLD.visit_date_last)
BEGIN
    SELECT RAISE(ABORT, 'visit_details_only_retract: what was recorded stays as it was');
END;
CREATE TRIGGER visit_details_no_replace BEFORE INSERT ON visit_details
BEGIN
    SELECT RAISE(ABORT, 'pk_visit_details: such a row is already there') WHERE EXISTS (SELECT 1 FROM visit_details WHERE row_id = NEW.row_id);
    SELECT RAISE(ABORT, 'uq_visit_details_current: such a row is already there') WHERE EXISTS (SELECT 1 FROM visit_details WHERE visit_id = NEW.visit_id AND retracted_by IS NULL AND NEW.retracted_by IS NULL);
END;
CREATE TRIGGER pain_score_no_delete BEFORE DELETE ON pain_score
BEGIN
    SELECT RAISE(ABORT, 'pain_score_no_delete: what was recorded stays as it was');
END;
CREATE TRIGGER pain_score_only_retract BEFORE UPDATE ON pain_score WHEN NOT (OLD.retracted_by IS NULL AND NEW.retracted_by IS NOT NULL AND NEW.row_id IS OLD.row_id AND NEW.recorded_by IS OLD.recorded_by AND NEW.visit_id IS OLD.visit_id AND NEW.site IS OLD.site AND NEW.instrument IS OLD.instrument AND NEW.aspect IS OLD.aspect AND NEW.score IS OLD.score AND NEW.missing_reason IS OLD.missing_reason)
BEGIN
    SELECT RAISE(ABORT, 'pain_score_only_retract: what was recorded stays as it was');
END;
CREATE TRIGGER pain_score_no_replace BEFORE INSERT ON pain_score
BEGIN
    SELECT RAISE(ABORT, 'pk_pain_score: such a row is already there') WHERE EXISTS (SELECT 1 FROM pain_score WHERE row_id = NEW.row_id);
    SELECT RAISE(ABORT, 'uq_pain_score_current: such a row is already there') WHERE EXISTS (SELECT 1 FROM pain_score WHERE visit_id = NEW.visit_id AND site = NEW.site AND instrument = NEW.instrument AND aspect = NEW.aspect AND retracted_by IS NULL AND NEW.retracted_by IS NULL);
END;
CREATE TRIGGER vitamin_d_no_delete BEFORE DELETE ON vitamin_d
BEGIN
    SELECT RAISE(ABORT, 'vitamin_d_no_delete: what was recorded stays as it was');
END;
CREATE TRIGGER vitamin_d_only_retract BEFORE UPDATE ON vitamin_d WHEN NOT (OLD.retracted_by IS NULL AND NEW.retracted_by IS NOT NULL AND NEW.row_id IS OLD.row_id AND NEW.recorded_by IS OLD.recorded_by AND NEW.visit_id IS OLD.visit_id AND NEW.value IS OLD.value AND NEW.unit IS OLD.unit AND NEW.comparator IS OLD.comparator AND NEW.assay IS OLD.assay AND NEW.missing_reason IS OLD.missing_reason)
BEGIN
    SELECT RAISE(ABORT, 'vitamin_d_only_retract: what was recorded stays as it was');
END;
CREATE TRIGGER vitamin_d_no_replace BEFORE INSERT ON vitamin_d
BEGIN
    SELECT RAISE(ABORT, 'pk_vitamin_d: such a row is already there') WHERE EXISTS (SELECT 1 FROM vitamin_d WHERE row_id = NEW.row_id);
    SELECT RAISE(ABORT, 'uq_vitamin_d_current: such a row is already there') WHERE EXISTS (SELECT 1 FROM vitamin_d WHERE visit_id = NEW.visit_id AND retracted_by IS NULL AND NEW.retracted_by IS NULL);
END;
CREATE TRIGGER imaging_finding_no_delete BEFORE DELETE ON imaging_finding
BEGIN
    SELECT RAISE(ABORT, 'imaging_finding_no_delete: what was recorded stays as it was');
END;
CREATE TRIGGER imaging_finding_only_retract BEFORE UPDATE ON imaging_finding WHEN NOT (OLD.retracted_by IS NULL AND NEW.retracted_by IS NOT NULL AND NEW.row_id IS OLD.row_id AND NEW.recorded_by IS OLD.recorded_by AND NEW.visit_id IS OLD.visit_id AND NEW.modality IS OLD.modality AND NEW.site IS OLD.site AND NEW.finding IS OLD.finding AND NEW.presence IS OLD.presence AND NEW.edema_percent IS OLD.edema_percent AND NEW.edema_grade IS OLD.edema_grade AND NEW.edema_pattern IS OLD.edema_pattern)
BEGIN
    SELECT RAISE(ABORT, 'imaging_finding_only_retract: what was recorded stays as it was');
END;
CREATE TRIGGER imaging_finding_no_replace BEFORE INSERT ON imaging_finding
BEGIN
    SELECT RAISE(ABORT, 'pk_imaging_finding: such a row is already there') WHERE EXISTS (SELECT 1 FROM imaging_finding WHERE row_id = NEW.row_id);
    SELECT RAISE(ABORT, 'uq_imaging_finding_current: such a row is already there') WHERE EXISTS (SELECT 1 FROM imaging_finding WHERE visit_id = NEW.visit_id AND modality = NEW.modality AND site = NEW.site AND finding = NEW.finding AND retracted_by IS NULL AND NEW.retracted_by IS NULL);
END;
CREATE TRIGGER note_no_delete BEFORE DELETE ON note
BEGIN
    SELECT RAISE(ABORT, 'note_no_delete: what was recorded stays as it was');
END;
CREATE TRIGGER note_only_retract BEFORE UPDATE ON note WHEN NOT (OLD.retracted_by IS NULL AND NEW.retracted_by IS NOT NULL AND NEW.row_id IS OLD.row_id AND NEW.recorded_by IS OLD.recorded_by AND NEW.patient_id IS OLD.patient_id AND NEW.visit_id IS OLD.visit_id AND NEW.site IS OLD.site AND NEW.text IS OLD.text)
BEGIN
    SELECT RAISE(ABORT, 'note_only_retract: what was recorded stays as it was');
END;
CREATE TRIGGER note_no_replace BEFORE INSERT ON note
BEGIN
    SELECT RAISE(ABORT, 'pk_note: such a row is already there') WHERE EXISTS (SELECT 1 FROM note WHERE row_id = NEW.row_id);
END;
CREATE INDEX ix_treatment_entry_id ON treatment (entry_id);
CREATE INDEX ix_treatment_patient_id ON treatment (patient_id);
CREATE INDEX ix_lab_result_recorded_by ON lab_result (recorded_by);
CREATE INDEX ix_lab_result_retracted_by ON lab_result (retracted_by);
CREATE INDEX ix_lab_result_visit_id ON lab_result (visit_id);
CREATE UNIQUE INDEX uq_lab_result_current ON lab_result (visit_id, analyte) WHERE retracted_by IS NULL;
CREATE INDEX ix_function_score_recorded_by ON function_score (recorded_by);
CREATE INDEX ix_function_score_retracted_by ON function_score (retracted_by);
CREATE INDEX ix_function_score_visit_id ON function_score (visit_id);
CREATE UNIQUE INDEX uq_function_score_current ON function_score (visit_id, about, scale) WHERE retracted_by IS NULL;
CREATE INDEX ix_treatment_details_recorded_by ON treatment_details (recorded_by);
CREATE INDEX ix_treatment_details_retracted_by ON treatment_details (retracted_by);
CREATE INDEX ix_treatment_details_treatment_id ON treatment_details (treatment_id);
CREATE UNIQUE INDEX uq_treatment_details_current ON treatment_details (treatment_id) WHERE retracted_by IS NULL;
CREATE INDEX ix_treatment_dose_recorded_by ON treatment_dose (recorded_by);
CREATE INDEX ix_treatment_dose_retracted_by ON treatment_dose (retracted_by);
CREATE INDEX ix_treatment_dose_treatment_id ON treatment_dose (treatment_id);
CREATE UNIQUE INDEX uq_treatment_dose_current ON treatment_dose (treatment_id, dose_since) WHERE retracted_by IS NULL;
CREATE INDEX ix_differential_recorded_by ON differential (recorded_by);
CREATE INDEX ix_differential_retracted_by ON differential (retracted_by);
CREATE INDEX ix_differential_patient_id ON differential (patient_id);
CREATE UNIQUE INDEX uq_differential_current ON differential (patient_id, about, cause, decided_on) WHERE retracted_by IS NULL;
CREATE INDEX ix_checklist_item_recorded_by ON checklist_item (recorded_by);
CREATE INDEX ix_checklist_item_retracted_by ON checklist_item (retracted_by);
CREATE INDEX ix_checklist_item_patient_id ON checklist_item (patient_id);
CREATE UNIQUE INDEX uq_checklist_item_current ON checklist_item (patient_id, checklist, about, item, examined_on) WHERE retracted_by IS NULL;
CREATE INDEX ix_pregnancy_status_recorded_by ON pregnancy_status (recorded_by);
CREATE INDEX ix_pregnancy_status_retracted_by ON pregnancy_status (retracted_by);
CREATE INDEX ix_pregnancy_status_patient_id ON pregnancy_status (patient_id);
CREATE UNIQUE INDEX uq_pregnancy_status_current ON pregnancy_status (patient_id, stated_on) WHERE retracted_by IS NULL;
CREATE TRIGGER treatment_no_delete BEFORE DELETE ON treatment
BEGIN
    SELECT RAISE(ABORT, 'treatment_no_delete: what was recorded stays as it was');
END;
CREATE TRIGGER treatment_no_update BEFORE UPDATE ON treatment
BEGIN
    SELECT RAISE(ABORT, 'treatment_no_update: what was recorded stays as it was');
END;
CREATE TRIGGER treatment_no_replace BEFORE INSERT ON treatment
BEGIN
    SELECT RAISE(ABORT, 'pk_treatment: such a row is already there') WHERE EXISTS (SELECT 1 FROM treatment WHERE treatment_id = NEW.treatment_id);
END;
CREATE TRIGGER lab_result_no_delete BEFORE DELETE ON lab_result
BEGIN
    SELECT RAISE(ABORT, 'lab_result_no_delete: what was recorded stays as it was');
END;
CREATE TRIGGER lab_result_only_retract BEFORE UPDATE ON lab_result WHEN NOT (OLD.retracted_by IS NULL AND NEW.retracted_by IS NOT NULL AND NEW.row_id IS OLD.row_id AND NEW.recorded_by IS OLD.recorded_by AND NEW.visit_id IS OLD.visit_id AND NEW.analyte IS OLD.analyte AND NEW.value IS OLD.value AND NEW.comparator IS OLD.comparator AND NEW.unit IS OLD.unit AND NEW.limit_low IS OLD.limit_low AND NEW.limit_high IS OLD.limit_high AND NEW.judgement IS OLD.judgement AND NEW.missing_reason IS OLD.missing_reason)
BEGIN
    SELECT RAISE(ABORT, 'lab_result_only_retract: what was recorded stays as it was');
END;
CREATE TRIGGER lab_result_no_replace BEFORE INSERT ON lab_result
BEGIN
    SELECT RAISE(ABORT, 'pk_lab_result: such a row is already there') WHERE EXISTS (SELECT 1 FROM lab_result WHERE row_id = NEW.row_id);
    SELECT RAISE(ABORT, 'uq_lab_result_current: such a row is already there') WHERE EXISTS (SELECT 1 FROM lab_result WHERE visit_id = NEW.visit_id AND analyte = NEW.analyte AND retracted_by IS NULL AND NEW.retracted_by IS NULL);
END;
CREATE TRIGGER function_score_no_delete BEFORE DELETE ON function_score
BEGIN
    SELECT RAISE(ABORT, 'function_score_no_delete: what was recorded stays as it was');
END;
CREATE TRIGGER function_score_only_retract BEFORE UPDATE ON function_score WHEN NOT (OLD.retracted_by IS NULL AND NEW.retracted_by IS NOT NULL AND NEW.row_id IS OLD.row_id AND NEW.recorded_by IS OLD.recorded_by AND NEW.visit_id IS OLD.visit_id AND NEW.about IS OLD.about AND NEW.scale IS OLD.scale AND NEW.score IS OLD.score AND NEW.missing_reason IS OLD.missing_reason)
BEGIN
    SELECT RAISE(ABORT, 'function_score_only_retract: what was recorded stays as it was');
END;
CREATE TRIGGER function_score_no_replace BEFORE INSERT ON function_score
BEGIN
    SELECT RAISE(ABORT, 'pk_function_score: such a row is already there') WHERE EXISTS (SELECT 1 FROM function_score WHERE row_id = NEW.row_id);
    SELECT RAISE(ABORT, 'uq_function_score_current: such a row is already there') WHERE EXISTS (SELECT 1 FROM function_score WHERE visit_id = NEW.visit_id AND about = NEW.about AND scale = NEW.scale AND retracted_by IS NULL AND NEW.retracted_by IS NULL);
END;
CREATE TRIGGER treatment_details_no_delete BEFORE DELETE ON treatment_details
BEGIN
    SELECT RAISE(ABORT, 'treatment_details_no_delete: what was recorded stays as it was');
END;
CREATE TRIGGER treatment_details_only_retract BEFORE UPDATE ON treatment_details WHEN NOT (OLD.retracted_by IS NULL AND NEW.retracted_by IS NOT NULL AND NEW.row_id IS OLD.row_id AND NEW.recorded_by IS OLD.recorded_by AND NEW.treatment_id IS OLD.treatment_id AND NEW.treatment IS OLD.treatment AND NEW.words IS OLD.words AND NEW.site IS OLD.site AND NEW.started IS OLD.started AND NEW.started_first IS OLD.started_first AND NEW.started_last IS OLD.started_last AND NEW.ended IS OLD.ended AND NEW.ended_first IS OLD.ended_first AND NEW.ended_last IS OLD.ended_last AND NEW.ending_reason IS OLD.ending_reason)
BEGIN
    SELECT RAISE(ABORT, 'treatment_details_only_retract: what was recorded stays as it was');
END;
CREATE TRIGGER treatment_details_no_replace BEFORE INSERT ON treatment_details
BEGIN
    SELECT RAISE(ABORT, 'pk_treatment_details: such a row is already there') WHERE EXISTS (SELECT 1 FROM treatment_details WHERE row_id = NEW.row_id);
    SELECT RAISE(ABORT, 'uq_treatment_details_current: such a row is already there') WHERE EXISTS (SELECT 1 FROM treatment_details WHERE treatment_id = NEW.treatment_id AND retracted_by IS NULL AND NEW.retracted_by IS NULL);
END;
CREATE TRIGGER treatment_dose_no_delete BEFORE DELETE ON treatment_dose
BEGIN
    SELECT RAISE(ABORT, 'treatment_dose_no_delete: what was recorded stays as it was');
END;
CREATE TRIGGER treatment_dose_only_retract BEFORE UPDATE ON treatment_dose WHEN NOT (OLD.retracted_by IS NULL AND NEW.retracted_by IS NOT NULL AND NEW.row_id IS OLD.row_id AND NEW.recorded_by IS OLD.recorded_by AND NEW.treatment_id IS OLD.treatment_id AND NEW.dose_since IS OLD.dose_since AND NEW.dose_since_first IS OLD.dose_since_first AND NEW.dose_since_last IS OLD.dose_since_last AND NEW.dose IS OLD.dose AND NEW.dose_unit IS OLD.dose_unit AND NEW.schedule IS OLD.schedule)
BEGIN
    SELECT RAISE(ABORT, 'treatment_dose_only_retract: what was recorded stays as it was');
END;
CREATE TRIGGER treatment_dose_no_replace BEFORE INSERT ON treatment_dose
BEGIN
    SELECT RAISE(ABORT, 'pk_treatment_dose: such a row is already there') WHERE EXISTS (SELECT 1 FROM treatment_dose WHERE row_id = NEW.row_id);
    SELECT RAISE(ABORT, 'uq_treatment_dose_current: such a row is already there') WHERE EXISTS (SELECT 1 FROM treatment_dose WHERE treatment_id = NEW.treatment_id AND dose_since = NEW.dose_since AND retracted_by IS NULL AND NEW.retracted_by IS NULL);
END;
CREATE TRIGGER differential_no_delete BEFORE DELETE ON differential
BEGIN
    SELECT RAISE(ABORT, 'differential_no_delete: what was recorded stays as it was');
END;
CREATE TRIGGER differential_only_retract BEFORE UPDATE ON differential WHEN NOT (OLD.retracted_by IS NULL AND NEW.retracted_by IS NOT NULL AND NEW.row_id IS OLD.row_id AND NEW.recorded_by IS OLD.recorded_by AND NEW.patient_id IS OLD.patient_id AND NEW.about IS OLD.about AND NEW.cause IS OLD.cause AND NEW.decided_on IS OLD.decided_on AND NEW.decided_on_first IS OLD.decided_on_first AND NEW.decided_on_last IS OLD.decided_on_last AND NEW.state IS OLD.state AND NEW.how IS OLD.how AND NEW.decided_by IS OLD.decided_by)
BEGIN
    SELECT RAISE(ABORT, 'differential_only_retract: what was recorded stays as it was');
END;
CREATE TRIGGER differential_no_replace BEFORE INSERT ON differential
BEGIN
    SELECT RAISE(ABORT, 'pk_differential: such a row is already there') WHERE EXISTS (SELECT 1 FROM differential WHERE row_id = NEW.row_id);
    SELECT RAISE(ABORT, 'uq_differential_current: such a row is already there') WHERE EXISTS (SELECT 1 FROM differential WHERE patient_id = NEW.patient_id AND about = NEW.about AND cause = NEW.cause AND decided_on = NEW.decided_on AND retracted_by IS NULL AND NEW.retracted_by IS NULL);
END;
CREATE TRIGGER checklist_item_no_delete BEFORE DELETE ON checklist_item
BEGIN
    SELECT RAISE(ABORT, 'checklist_item_no_delete: what was recorded stays as it was');
END;
CREATE TRIGGER checklist_item_only_retract BEFORE UPDATE ON checklist_item WHEN NOT (OLD.retracted_by IS NULL AND NEW.retracted_by IS NOT NULL AND NEW.row_id IS OLD.row_id AND NEW.recorded_by IS OLD.recorded_by AND NEW.patient_id IS OLD.patient_id AND NEW.checklist IS OLD.checklist AND NEW.about IS OLD.about AND NEW.item IS OLD.item AND NEW.examined_on IS OLD.examined_on AND NEW.examined_on_first IS OLD.examined_on_first AND NEW.examined_on_last IS OLD.examined_on_last AND NEW.presence IS OLD.presence AND NEW.since IS OLD.since AND NEW.since_first IS OLD.since_first AND NEW.since_last IS OLD.since_last AND NEW.words IS OLD.words)
BEGIN
    SELECT RAISE(ABORT, 'checklist_item_only_retract: what was recorded stays as it was');
END;
CREATE TRIGGER checklist_item_no_replace BEFORE INSERT ON checklist_item
BEGIN
    SELECT RAISE(ABORT, 'pk_checklist_item: such a row is already there') WHERE EXISTS (SELECT 1 FROM checklist_item WHERE row_id = NEW.row_id);
    SELECT RAISE(ABORT, 'uq_checklist_item_current: such a row is already there') WHERE EXISTS (SELECT 1 FROM checklist_item WHERE patient_id = NEW.patient_id AND checklist = NEW.checklist AND about = NEW.about AND item = NEW.item AND examined_on = NEW.examined_on AND retracted_by IS NULL AND NEW.retracted_by IS NULL);
END;
CREATE TRIGGER pregnancy_status_no_delete BEFORE DELETE ON pregnancy_status
BEGIN
    SELECT RAISE(ABORT, 'pregnancy_status_no_delete: what was recorded stays as it was');
END;
CREATE TRIGGER pregnancy_status_only_retract BEFORE UPDATE ON pregnancy_status WHEN NOT (OLD.retracted_by IS NULL AND NEW.retracted_by IS NOT NULL AND NEW.row_id IS OLD.row_id AND NEW.recorded_by IS OLD.recorded_by AND NEW.patient_id IS OLD.patient_id AND NEW.stated_on IS OLD.stated_on AND NEW.stated_on_first IS OLD.stated_on_first AND NEW.stated_on_last IS OLD.stated_on_last AND NEW.state IS OLD.state AND NEW.gestational_week IS OLD.gestational_week AND NEW.missing_reason IS OLD.missing_reason)
BEGIN
    SELECT RAISE(ABORT, 'pregnancy_status_only_retract: what was recorded stays as it was');
END;
CREATE TRIGGER pregnancy_status_no_replace BEFORE INSERT ON pregnancy_status
BEGIN
    SELECT RAISE(ABORT, 'pk_pregnancy_status: such a row is already there') WHERE EXISTS (SELECT 1 FROM pregnancy_status WHERE row_id = NEW.row_id);
    SELECT RAISE(ABORT, 'uq_pregnancy_status_current: such a row is already there') WHERE EXISTS (SELECT 1 FROM pregnancy_status WHERE patient_id = NEW.patient_id AND stated_on = NEW.stated_on AND retracted_by IS NULL AND NEW.retracted_by IS NULL);
END;
CREATE INDEX ix_flag_decision_recorded_by ON flag_decision (recorded_by);
CREATE INDEX ix_flag_decision_retracted_by ON flag_decision (retracted_by);
CREATE INDEX ix_flag_decision_patient_id ON flag_decision (patient_id);
CREATE UNIQUE INDEX uq_flag_decision_current ON flag_decision (patient_id, flag, about) WHERE retracted_by IS NULL;
CREATE TRIGGER flag_decision_no_delete BEFORE DELETE ON flag_decision
BEGIN
    SELECT RAISE(ABORT, 'flag_decision_no_delete: what was recorded stays as it was');
END;
CREATE TRIGGER flag_decision_only_retract BEFORE UPDATE ON flag_decision WHEN NOT (OLD.retracted_by IS NULL AND NEW.retracted_by IS NOT NULL AND NEW.row_id IS OLD.row_id AND NEW.recorded_by IS OLD.recorded_by AND NEW.patient_id IS OLD.patient_id AND NEW.flag IS OLD.flag AND NEW.rule_version IS OLD.rule_version AND NEW.about IS OLD.about AND NEW.episode_id IS OLD.episode_id AND NEW.decision IS OLD.decision AND NEW.reason IS OLD.reason AND NEW.flag_state IS OLD.flag_state AND NEW.evidence_until IS OLD.evidence_until AND NEW.evidence_until_first IS OLD.evidence_until_first AND NEW.evidence_until_last IS OLD.evidence_until_last AND NEW.evidence_hash IS OLD.evidence_hash AND NEW.decided_on IS OLD.decided_on AND NEW.decided_on_first IS OLD.decided_on_first AND NEW.decided_on_last IS OLD.decided_on_last)
BEGIN
    SELECT RAISE(ABORT, 'flag_decision_only_retract: what was recorded stays as it was');
END;
CREATE TRIGGER flag_decision_no_replace BEFORE INSERT ON flag_decision
BEGIN
    SELECT RAISE(ABORT, 'pk_flag_decision: such a row is already there') WHERE EXISTS (SELECT 1 FROM flag_decision WHERE row_id = NEW.row_id);
    SELECT RAISE(ABORT, 'uq_flag_decision_current: such a row is already there') WHERE EXISTS (SELECT 1 FROM flag_decision WHERE patient_id = NEW.patient_id AND flag = NEW.flag AND about = NEW.about AND retracted_by IS NULL AND NEW.retracted_by IS NULL);
END;
CREATE INDEX ix_release_key_recorded_by ON release_key (recorded_by);
CREATE INDEX ix_release_key_retracted_by ON release_key (retracted_by);
CREATE INDEX ix_release_key_release_name ON release_key (release_name);
CREATE UNIQUE INDEX uq_release_key_current ON release_key (release_name) WHERE retracted_by IS NULL;
CREATE TRIGGER release_key_no_delete BEFORE DELETE ON release_key
BEGIN
    SELECT RAISE(ABORT, 'release_key_no_delete: what was recorded stays as it was');
END;
CREATE TRIGGER release_key_only_retract BEFORE UPDATE ON release_key WHEN NOT (OLD.retracted_by IS NULL AND NEW.retracted_by IS NOT NULL AND NEW.row_id IS OLD.row_id AND NEW.recorded_by IS OLD.recorded_by AND NEW.release_name IS OLD.release_name AND NEW.secret IS OLD.secret)
BEGIN
    SELECT RAISE(ABORT, 'release_key_only_retract: what was recorded stays as it was');
END;
CREATE TRIGGER release_key_no_replace BEFORE INSERT ON release_key
BEGIN
    SELECT RAISE(ABORT, 'pk_release_key: such a row is already there') WHERE EXISTS (SELECT 1 FROM release_key WHERE row_id = NEW.row_id);
    SELECT RAISE(ABORT, 'uq_release_key_current: such a row is already there') WHERE EXISTS (SELECT 1 FROM release_key WHERE release_name = NEW.release_name AND retracted_by IS NULL AND NEW.retracted_by IS NULL);
END;
CREATE INDEX ix_export_made_recorded_by ON export_made (recorded_by);
CREATE INDEX ix_export_made_retracted_by ON export_made (retracted_by);
CREATE INDEX ix_export_made_release_name ON export_made (release_name);
CREATE TRIGGER export_made_no_delete BEFORE DELETE ON export_made
BEGIN
    SELECT RAISE(ABORT, 'export_made_no_delete: what was recorded stays as it was');
END;
CREATE TRIGGER export_made_only_retract BEFORE UPDATE ON export_made WHEN NOT (OLD.retracted_by IS NULL AND NEW.retracted_by IS NOT NULL AND NEW.row_id IS OLD.row_id AND NEW.recorded_by IS OLD.recorded_by AND NEW.release_name IS OLD.release_name AND NEW.kind IS OLD.kind AND NEW.selection IS OLD.selection AND NEW.formats IS OLD.formats AND NEW.n_patients IS OLD.n_patients AND NEW.manifest_sha256 IS OLD.manifest_sha256)
BEGIN
    SELECT RAISE(ABORT, 'export_made_only_retract: what was recorded stays as it was');
END;
CREATE TRIGGER export_made_no_replace BEFORE INSERT ON export_made
BEGIN
    SELECT RAISE(ABORT, 'pk_export_made: such a row is already there') WHERE EXISTS (SELECT 1 FROM export_made WHERE row_id = NEW.row_id);
END;
COMMIT;
