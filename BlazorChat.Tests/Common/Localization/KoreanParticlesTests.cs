using BlazorChat.Common.Localization;

namespace BlazorChat.Tests.Common.Localization;

public sealed class KoreanParticlesTests
{
    /// <summary>A text, its argument and the result, for <see cref="KoreanParticles"/> and for the scripts.</summary>
    public static TheoryData<string, string, string> Cases => new()
    {
        { "{0}을(를) 삭제할까요?", "공지", "공지를 삭제할까요?" },
        { "{0}을(를) 삭제할까요?", "잡담방", "잡담방을 삭제할까요?" },
        { "“{0}”은(는) 폴더예요", "사진", "“사진”은 폴더예요" },
        { "“{0}”은(는) 폴더예요", "자료", "“자료”는 폴더예요" },
        { "{0}이(가) 와요", "서울", "서울이 와요" },
        { "{0}이(가) 와요", "부산 👋", "부산 👋이(가) 와요" },
        { "{0}과(와) 함께", "지우", "지우와 함께" },
        { "{0}과(와) 함께", "민준", "민준과 함께" },
        { "{0}(으)로 이동", "서울", "서울로 이동" },
        { "{0}(으)로 이동", "부산", "부산으로 이동" },
        { "{0}(으)로 이동", "제주", "제주로 이동" },
        { "“{0}”(이)라는 방", "공지", "“공지”라는 방" },
        { "“{0}”(이)라는 방", "수다방", "“수다방”이라는 방" },
        { "{0}을(를)", "회의 (2)", "회의 (2)를" },
        { "{0}을(를)", "10", "10을" },
        { "{0}(으)로", "2021", "2021로" },
        { "{0}(으)로", "3", "3으로" },
        { "{0}이(가)", "5", "5가" },
        { "{0}을(를)", "General", "General을" },
        { "{0}(으)로", "General", "General로" },
        { "{0}을(를)", "Slack", "Slack을" },
        { "{0}을(를)", "Anna", "Anna를" },
        { "{0}은(는)", "Chrome", "Chrome은" },
        { "{0}을(를)", "URL", "URL을" },
        { "{0}을(를)", "日本", "日本을(를)" },
        { "{0}을(를)", "", "을(를)" },
        // What somebody wrote stays as it is.
        { "{0}", "을(를)", "을(를)" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_particle_follows_the_last_sound_of_its_word(string text, string word, string result) =>
        Assert.Equal(result, TextServices.Format(text, [word]));

    [Fact]
    public void Numbers_keep_their_format() => Assert.Equal("1,200을", TextServices.Format("{0:N0}을(를)", [1200]));
}
