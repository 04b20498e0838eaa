import java.util.Map;
import java.util.function.BiFunction;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.miscellaneous.LengthFilter;
import org.apache.lucene.analysis.pattern.PatternTokenizer;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.elasticsearch.common.regex.Regex;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.index.analysis.NormalizingTokenFilterFactory;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;

/**
 * The part of the distribution's analysis module that the mappings use: the same Lucene classes, registered under
 * the same names with the same parameters and defaults.
 */
public final class NewsAnalysis extends Plugin implements AnalysisPlugin {
    private interface Filter extends BiFunction<TokenStream, Settings, TokenStream> {}

    @Override
    public Map<String, AnalysisProvider<TokenizerFactory>> getTokenizers() {
        return Map.of("pattern", (index, environment, name, settings) -> {
            var pattern = Regex.compile(settings.get("pattern", "\\W+"), settings.get("flags"));
            int group = settings.getAsInt("group", -1);
            return TokenizerFactory.newFactory(name, () -> new PatternTokenizer(pattern, group));
        });
    }

    @Override
    public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
        return Map.of(
            "lowercase", normalizing((in, settings) -> new LowerCaseFilter(in)),
            "asciifolding", normalizing((in, settings) ->
                new ASCIIFoldingFilter(in, settings.getAsBoolean("preserve_original", false))),
            "length", plain((in, settings) ->
                new LengthFilter(in, settings.getAsInt("min", 0), settings.getAsInt("max", Integer.MAX_VALUE))),
            "stemmer", plain((in, settings) -> new SnowballFilter(in, snowball(settings.get("language", "porter")))));
    }

    private static String snowball(String language) {
        if (language.equals("porter2")) {
            return "English";
        }
        throw new IllegalArgumentException("the test node knows the stemmer porter2 only, not " + language);
    }

    private static AnalysisProvider<TokenFilterFactory> plain(Filter filter) {
        return (index, environment, name, settings) -> new TokenFilterFactory() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public TokenStream create(TokenStream in) {
                return filter.apply(in, settings);
            }
        };
    }

    private static AnalysisProvider<TokenFilterFactory> normalizing(Filter filter) {
        return (index, environment, name, settings) -> new NormalizingTokenFilterFactory() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public TokenStream create(TokenStream in) {
                return filter.apply(in, settings);
            }
        };
    }
}
