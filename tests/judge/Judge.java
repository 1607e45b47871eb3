import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Validates files against PDF/A-2b with veraPDF. Exit status: 0 all compliant, 1 some are not, 2 nothing to judge. */
public final class Judge {
    private static final PDFAFlavour FLAVOUR = PDFAFlavour.PDFA_2_B;

    public static void main(String[] names) {
        VeraGreenfieldFoundryProvider.initialise();
        List<String> failed = new ArrayList<>();
        for (String name : names) {
            if (!compliant(name)) {
                failed.add(name);
            }
        }
        System.out.printf("%d of %d files are PDF/A-2b%n", names.length - failed.size(), names.length);
        System.exit(names.length == 0 ? 2 : failed.isEmpty() ? 0 : 1);
    }

    private static boolean compliant(String name) {
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(name), FLAVOUR);
                PDFAValidator validator = Foundries.defaultInstance().createValidator(FLAVOUR, false)) {
            ValidationResult result = validator.validate(parser);
            System.out.printf("%s %s (%d checks)%n", result.isCompliant() ? "PASS" : "FAIL", name, result.getTotalAssertions());
            rules(result).forEach((rule, place) -> System.out.printf("  %s%n    first at %s%n", rule, place));
            // A file in which nothing was checked proves nothing.
            return result.isCompliant() && result.getTotalAssertions() > 0;
        } catch (Exception failure) {
            System.out.printf("FAIL %s cannot be judged: %s%n", name, failure);
            return false;
        }
    }

    private static Map<String, String> rules(ValidationResult result) {
        Map<String, String> rules = new TreeMap<>();
        for (TestAssertion check : result.getTestAssertions()) {
            if (check.getStatus() != TestAssertion.Status.PASSED) {
                String rule = check.getRuleId().getClause() + "-" + check.getRuleId().getTestNumber() + " " + check.getMessage();
                rules.putIfAbsent(rule, check.getLocation().getContext());
            }
        }
        return rules;
    }
}
