using System.Globalization;
using System.Text;

namespace BlazorChat.Common.Search;

/// <summary>A word of a text, as it is indexed.</summary>
/// <param name="Term">Composed, in lower case and without diacritics; at most <see cref="SearchText.MaxTermLength"/> code units.</param>
/// <param name="Start">Where it begins in the text, in UTF-16 code units.</param>
/// <param name="End">Where it ends.</param>
internal readonly record struct SearchToken(string Term, int Start, int End);

/// <summary>
/// A text cut into the terms by which it is found. Runs of letters of scripts without spaces between words (Korean counts among them, since its
/// particles follow without one) become overlapping pairs and their last letter: 서울에서 is 서울 울에 에서 서. Everything else is words. A word
/// like <c>getUserName</c> or <c>user_name</c> becomes its parts, and is among <see cref="Identifiers"/> as a whole. An emoji is a word.
/// </summary>
internal sealed class SearchText
{
    /// <summary>In UTF-16 code units. A longer word is found by its beginning.</summary>
    public const int MaxTermLength = 64;

    private readonly List<SearchToken> _tokens = [];
    private readonly List<SearchToken> _identifiers = [];

    private SearchText()
    {
    }

    /// <summary>The terms in the order of the text. Two that follow each other are a phrase.</summary>
    public IReadOnlyList<SearchToken> Tokens => _tokens;

    /// <summary>The words that consist of several parts.</summary>
    public IReadOnlyList<SearchToken> Identifiers => _identifiers;

    /// <summary>Analyses a text, of a document or of a query.</summary>
    public static SearchText Of(string text)
    {
        var analysed = new SearchText();
        var run = new List<Letter>();
        var kind = LetterKind.None;
        for (int at = 0, next; at < text.Length; at = next)
        {
            next = at + LengthAt(text, at);
            foreach (var letter in SearchLetters.Read(text, at, next))
            {
                if (letter.Kind != kind || kind == LetterKind.Symbol)
                    analysed.AddRun(run, kind);
                kind = letter.Kind;
                if (kind != LetterKind.None)
                    run.Add(letter);
            }
        }

        analysed.AddRun(run, kind);
        return analysed;
    }

    private static int LengthAt(string text, int at) =>
        text[at] < 0x80 && (at + 1 == text.Length || text[at + 1] < 0x80) ? 1 : StringInfo.GetNextTextElementLength(text, at);

    private void AddRun(List<Letter> run, LetterKind kind)
    {
        if (run.Count == 0)
            return;
        if (kind == LetterKind.Paired)
            AddPairs(run);
        else if (kind == LetterKind.Symbol)
            Add(_tokens, run, 0, run.Count);
        else
            AddWord(run);
        run.Clear();
    }

    private void AddPairs(List<Letter> run)
    {
        for (var i = 0; i < run.Count; i++)
            Add(_tokens, run, i, Math.Min(i + 2, run.Count));
    }

    private void AddWord(List<Letter> run)
    {
        var (begin, parts) = (0, 0);
        for (var i = 0; i <= run.Count; i++)
        {
            var isJoint = i < run.Count && run[i].IsJoint;
            if (i < run.Count && !isJoint && !BeginsPart(run, begin, i))
                continue;
            if (i > begin)
            {
                Add(_tokens, run, begin, i);
                parts++;
            }

            begin = isJoint ? i + 1 : i;
        }

        if (parts > 1)
            Add(_identifiers, run, 0, run.Count);
    }

    /// <summary>Whether a capital begins a part of a word: after a small letter or a digit, or as the last of several capitals.</summary>
    private static bool BeginsPart(List<Letter> run, int begin, int i) =>
        i > begin && run[i].IsCapital && (!run[i - 1].IsCapital || (i + 1 < run.Count && run[i + 1].IsSmall));

    private static void Add(List<SearchToken> tokens, List<Letter> run, int from, int to)
    {
        var term = new StringBuilder();
        for (var i = from; i < to; i++)
            term.Append(run[i].Folded);
        if (term.Length > MaxTermLength)
            term.Length = char.IsHighSurrogate(term[MaxTermLength - 1]) ? MaxTermLength - 1 : MaxTermLength;
        tokens.Add(new SearchToken(term.ToString(), run[from].Start, run[to - 1].End));
    }
}
