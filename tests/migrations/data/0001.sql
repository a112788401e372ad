BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE clinic (
	clinic_id INTEGER NOT NULL, 
	clinic_code TEXT NOT NULL, 
	CONSTRAINT pk_clinic PRIMARY KEY (clinic_id), 
	CONSTRAINT uq_clinic_clinic_code UNIQUE (clinic_code), 
	CONSTRAINT ck_clinic_clinic_code_filled CHECK (length(trim(clinic_code)) > 0 AND length(clinic_code) <= 40)
);
INSERT INTO "clinic" VALUES(1,'default');
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
COMMIT;
