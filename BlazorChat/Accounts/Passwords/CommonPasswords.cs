using System.Collections.Frozen;
using System.Text;

namespace BlazorChat.Accounts.Passwords;

/// <summary>
/// Passwords that are guessed first: well-known words and names, also in another case, with look-alike digits for letters, and with digits or
/// signs around them; runs of the keyboard and the alphabet; and repetitions of a short piece.
/// </summary>
internal static class CommonPasswords
{
    /// <summary>The longest piece that makes a password common by being repeated.</summary>
    private const int LongestPiece = 4;

    /// <summary>The shortest run of neighbours that counts as one step of a pattern: "qwer" in "qwer1234".</summary>
    private const int ShortestRun = 3;

    private static readonly FrozenSet<string> Words = """
        abcd abc access account admin administrator airport alexander alexandra amanda america andrea andrew angel angels anthony apple arsenal
        asdf ashley august austin autumn azerty babygirl babylon bailey banana barcelona baseball basketball batman beautiful benjamin bigdaddy
        biteme blahblah blink brandon brandy bubbles buster butterfly calvin cameron canada carlos caroline changeme changeit charlie charlotte
        cheese chelsea chester chicken chocolate chris christian christine cocacola college company computer contrasena cookie cooper
        corvette cowboys creative daniel danielle database david december default dennis desktop diamond disney dolphin dolphins donald dragon
        eagles einstein elephant elizabeth eminem england everton eternity facebook family fantasy february ferrari firebird fishing florida
        flower flowers football forever formula france freedom friday friend friends fuckoff fuckyou gandalf garfield gateway george germany
        ginger giants goldfish google gorilla guest guitar gunner hallo hannah happy harley harrypotter heather hello helloworld hockey
        hotmail hunter ihateyou iloveu iloveyou incorrect infinity internet instagram isabella jackson january jasmine jason jennifer jeremy
        jessica jessie jesus johnny jonathan jordan joseph joshua juliette junior justin killer kimberly kitten knight korea kristen
        ladies lakers laptop lauren leather legend letmein letmeinnow linkedin liverpool login london lovely loveme lover lucky madison
        maggie manager manchester marina martin marvel master matrix matthew melissa mercedes merlin metallica michael michelle mickey
        microsoft midnight miller minecraft monday money monkey monster morgan mother motorola muffin mustang naruto natasha network
        newpass newpassword newyork nicholas nicole nintendo nirvana nothing november october office oliver orange ou812 p4ss panther
        parola pass passe passw passwd passwort password passwords passphrase patrick peaches peanut pepper peter phoenix pikachu
        player please pokemon police porsche power princess private purple qazwsx qazwsxedc quality qwert qwerty qwertz qwertyui
        qwertyuiop rabbit rachel raiders rainbow ranger rebecca redsox richard robert rockstar rootroot root rush samantha samsung
        sandra saturday scooter scooby secret secure security senha september server service shadow shannon simple single skywalker
        slipknot snoopy soccer something spiderman spongebob spring squirrel starwars steelers stella steven student success summer
        sunday sunflower sunshine superman superstar support supervisor sweetheart sweety swimming system taylor teacher teddy temp
        temporary tennis test tester testing testtest thailand thomas thunder thursday tiger tigers tigger tinkerbell toor topsecret
        toyota travis trinity trouble trustno trustnoone tuesday twitter unicorn unknown user username vampire vanessa victoria viking
        volleyball wednesday welcome westham whatever william windows winner winter wizard wolfgang wolverine wordpass xbox yankees
        yellow yourname zaq zaqwsx zxcvbn zxcvbnm
        blazorchat rkskek rkskekfk tkfkdgo tkfkdgody dkssud dkssudgktpdy qlalfqjsgh qlqjs ektwkd rhkfl alsrud dlwlsdn
        사랑해 안녕하세요 비밀번호 대한민국 관리자 パスワード 密码 пароль йцукен любовь
        """.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Select(Fold).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Rows of the keyboard and the alphabet.</summary>
    private static readonly string[] Rows =
    [
        "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "qwertzuiop", "azertyuiop", "!@#$%^&*()_+",
        "1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "qaz", "wsx", "edc", "rfv", "tgb", "yhn", "ujm", "йцукенгшщзхъ", "фывапролджэ",
    ];

    public static bool Contains(string password)
    {
        var lower = password.ToLowerInvariant();
        return IsRepeated(lower)
            || IsRuns(lower)
            || Words.Contains(Fold(lower))
            || Words.Contains(Fold(lower.Trim("0123456789!?.,-_*@#$%^&+=~()[] ".ToCharArray())));
    }

    /// <summary>"aaaaaaaa", "12121212", "passpass".</summary>
    private static bool IsRepeated(string password) => Enumerable.Range(1, Math.Min(LongestPiece, password.Length / 2))
        .Any(length => password.Index().All(letter => letter.Item == password[letter.Index % length]));

    /// <summary>Consists of runs of neighbours: "12345678", "qwertyui", "abcd1234", "1qaz2wsx", "87654321".</summary>
    private static bool IsRuns(string password)
    {
        for (var at = 0; at < password.Length;)
        {
            var length = LongestRun(password.AsSpan(at));
            if (length < ShortestRun)
                return false;
            at += length;
        }

        return true;
    }

    private static int LongestRun(ReadOnlySpan<char> text)
    {
        var longest = 1;
        while (longest < text.Length && text[longest] == text[0])
            longest++;
        foreach (var row in Rows)
        {
            for (var start = row.IndexOf(text[0]); start >= 0; start = row.IndexOf(text[0], start + 1))
                longest = Math.Max(longest, Math.Max(Follow(text, row, start, 1), Follow(text, row, start, -1)));
        }

        return longest;
    }

    private static int Follow(ReadOnlySpan<char> text, string row, int start, int step)
    {
        var length = 0;
        for (var at = start; at >= 0 && at < row.Length && length < text.Length && row[at] == text[length]; at += step)
            length++;
        return length;
    }

    /// <summary>Writes look-alike digits and signs as the letters that they stand for.</summary>
    private static string Fold(string word)
    {
        var folded = new StringBuilder(word.Length);
        foreach (var letter in word)
        {
            folded.Append(letter switch
            {
                '0' => 'o',
                '1' or '!' or '|' => 'i',
                '3' => 'e',
                '4' or '@' => 'a',
                '5' or '$' => 's',
                '7' => 't',
                'l' => 'i',
                _ => letter,
            });
        }

        return folded.ToString();
    }
}
