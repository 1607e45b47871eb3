import eu.europa.esig.dss.enumerations.Indication;
import eu.europa.esig.dss.enumerations.SubIndication;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import java.io.File;
import java.util.Arrays;

/**
 * Validates PDF signatures with the EU's DSS under its default policy, offline: the file's own revocation data alone.
 *
 * <p>Arguments: a folder of anchors (*.crt), then files. Prints a line for each signature: name of the file, indication,
 * sub-indication and level, parted by tabs; one line with ABSENT or the exception for a file without any.
 */
public final class Dss {
    public static void main(String[] arguments) {
        CommonTrustedCertificateSource anchors = new CommonTrustedCertificateSource();
        for (File anchor : new File(arguments[0]).listFiles((folder, name) -> name.endsWith(".crt"))) {
            anchors.addCertificate(DSSUtils.loadCertificate(anchor));
        }
        Arrays.stream(arguments).skip(1).forEach(name -> judge(name, anchors));
    }

    private static void judge(String name, CommonTrustedCertificateSource anchors) {
        String file = new File(name).getName();
        try {
            CommonCertificateVerifier verifier = new CommonCertificateVerifier();
            verifier.setTrustedCertSources(anchors);
            verifier.setAIASource(null);
            SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(new FileDocument(name));
            validator.setCertificateVerifier(verifier);
            SimpleReport report = validator.validateDocument().getSimpleReport();
            if (report.getSignatureIdList().isEmpty()) {
                System.out.printf("%s\tABSENT\t\t%n", file);
            }
            for (String id : report.getSignatureIdList()) {
                Indication indication = report.getIndication(id);
                SubIndication detail = report.getSubIndication(id);
                System.out.printf("%s\t%s\t%s\t%s%n", file, indication, detail == null ? "" : detail, report.getSignatureFormat(id));
            }
        } catch (Exception | StackOverflowError | OutOfMemoryError failure) {
            System.out.printf("%s\t%s\t\t%n", file, failure.getClass().getSimpleName());
        }
    }
}
