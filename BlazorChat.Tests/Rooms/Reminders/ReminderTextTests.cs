using System.Globalization;
using BlazorChat.Rooms.Reminders;

namespace BlazorChat.Tests.Rooms.Reminders;

/// <summary>What <c>/remind</c> reads, and that it guesses nothing.</summary>
public sealed class ReminderTextTests
{
    // Monday, 2 March 2026, half past eight in Berlin.
    private const string Monday = "2026-03-02T08:30";

    [Theory]
    // English
    [InlineData("me in 20 minutes to call Zoe", "2026-03-02T08:50", "call Zoe")]
    [InlineData("in 20 min call Zoe", "2026-03-02T08:50", "call Zoe")]
    [InlineData("in an hour tea", "2026-03-02T09:30", "tea")]
    [InlineData("in half an hour tea", "2026-03-02T09:00", "tea")]
    [InlineData("in 1 hour and 30 minutes that it rains", "2026-03-02T10:00", "it rains")]
    [InlineData("in 2h about lunch", "2026-03-02T10:30", "lunch")]
    [InlineData("in 3 days x", "2026-03-05T08:30", "x")]
    [InlineData("in 2 weeks x", "2026-03-16T08:30", "x")]
    [InlineData("tomorrow stand-up", "2026-03-03T09:00", "stand-up")]
    [InlineData("Tomorrow at 9 stand-up", "2026-03-03T09:00", "stand-up")]
    [InlineData("tomorrow 3pm x", "2026-03-03T15:00", "x")]
    [InlineData("at 7pm evening walk", "2026-03-02T19:00", "evening walk")]
    [InlineData("tomorrow 9:30 pm to sleep", "2026-03-03T21:30", "sleep")]
    [InlineData("today at 17:05 to go", "2026-03-02T17:05", "go")]
    [InlineData("today at noon eat", "2026-03-02T12:00", "eat")]
    [InlineData("at 9 x", "2026-03-02T09:00", "x")]
    [InlineData("at 8 x", "2026-03-03T08:00", "x")]
    [InlineData("at 12am x", "2026-03-03T00:00", "x")]
    [InlineData("at 12 pm x", "2026-03-02T12:00", "x")]
    [InlineData("on Friday to deploy", "2026-03-06T09:00", "deploy")]
    [InlineData("fri at 16:00 deploy", "2026-03-06T16:00", "deploy")]
    [InlineData("monday at 10 x", "2026-03-02T10:00", "x")]
    [InlineData("monday at 8 x", "2026-03-09T08:00", "x")]
    [InlineData("next monday at 10 x", "2026-03-09T10:00", "x")]
    [InlineData("on 2026-12-24 at 18:00 presents", "2026-12-24T18:00", "presents")]
    [InlineData("2026-12-24 presents", "2026-12-24T09:00", "presents")]
    // Korean
    [InlineData("내일 9시 회의", "2026-03-03T09:00", "회의")]
    [InlineData("30분 뒤 전화하기", "2026-03-02T09:00", "전화하기")]
    [InlineData("30분 후에 전화하기", "2026-03-02T09:00", "전화하기")]
    [InlineData("1시간 30분 뒤 전화", "2026-03-02T10:00", "전화")]
    [InlineData("2시간뒤 전화", "2026-03-02T10:30", "전화")]
    [InlineData("3일 뒤 보고서", "2026-03-05T08:30", "보고서")]
    [InlineData("2주 뒤 보고서", "2026-03-16T08:30", "보고서")]
    [InlineData("오늘 오후 3시 반 회의", "2026-03-02T15:30", "회의")]
    [InlineData("모레 오전 10시 20분에 병원", "2026-03-04T10:20", "병원")]
    [InlineData("내일 보고서", "2026-03-03T09:00", "보고서")]
    [InlineData("금요일 배포", "2026-03-06T09:00", "배포")]
    [InlineData("다음 주 월요일 오전 9시 배포", "2026-03-09T09:00", "배포")]
    [InlineData("다음주 일요일 배포", "2026-03-15T09:00", "배포")]
    [InlineData("15:30 회의", "2026-03-02T15:30", "회의")]
    [InlineData("오후 12시 점심", "2026-03-02T12:00", "점심")]
    [InlineData("12월 24일 오후 6시 선물", "2026-12-24T18:00", "선물")]
    [InlineData("1월 1일 새해", "2027-01-01T09:00", "새해")]
    [InlineData("내일 저녁 7시 회의", "2026-03-03T19:00", "회의")]
    [InlineData("금요일 밤 10시 영화", "2026-03-06T22:00", "영화")]
    [InlineData("내일 아침 7시 운동", "2026-03-03T07:00", "운동")]
    [InlineData("１０분 뒤 ＡＢ", "2026-03-02T08:40", "ＡＢ")]
    [InlineData("2026년 3월 5일 9시 x", "2026-03-05T09:00", "x")]
    public void It_reads_a_time_and_then_a_text(string text, string local, string what)
    {
        var read = ReminderText.Read(text, Utc(Monday), Berlin);

        Assert.Equal((local, what), (Local(read!.Value.DueAt), read.Value.What));
    }

    [Theory]
    [InlineData("call Zoe tomorrow")]
    [InlineData("in a while x")]
    [InlineData("tomorrow")]
    [InlineData("in 20 minutes")]
    [InlineData("in 20 minutes to")]
    [InlineData("at 25 x")]
    [InlineData("at 13pm x")]
    [InlineData("tomorrow at 9:75 x")]
    [InlineData("today x")]
    [InlineData("on 2026-02-30 x")]
    [InlineData("in 99999 minutes x")]
    [InlineData("tomorrow at 3.30pm dentist")]
    [InlineData("tomorrow at midnight x")]
    [InlineData("tomorrow evening x")]
    [InlineData("in 2 days at 15:00 call")]
    [InlineData("in 2 days and 3 hours x")]
    [InlineData("tomorrow 3 reports are due")]
    [InlineData("at 9 tomorrow x")]
    [InlineData("at 3 in the afternoon x")]
    [InlineData("at 9 p.m. x")]
    [InlineData("3일 뒤 9시 회의")]
    [InlineData("내일 저녁 회의")]
    [InlineData("내일 밤 12시 회의")]
    [InlineData("내일 자정 회의")]
    [InlineData("7시 저녁 약속")]
    [InlineData("9시 반쯤 회의")]
    [InlineData("9시 내일 회의")]
    [InlineData("in ٣ minutes x")]
    [InlineData("tomorrows x")]
    [InlineData("내일9시간 회의")]
    [InlineData("25시 회의")]
    [InlineData("오후 13시 회의")]
    [InlineData("13월 1일 회의")]
    [InlineData("곧 회의")]
    [InlineData("")]
    public void What_it_cannot_read_is_no_reminder(string text) => Assert.Null(ReminderText.Read(text, Utc(Monday), Berlin));

    [Fact]
    public void A_text_that_is_no_Unicode_is_no_reminder() => Assert.Null(ReminderText.Read("in 3 minutes " + (char)0xD800, Utc(Monday), Berlin));

    [Theory]
    // The clocks are put forward on 29 March, and back on 25 October.
    [InlineData("2026-03-28T20:00", "tomorrow at 9 x", "2026-03-29T09:00")]
    [InlineData("2026-03-28T20:00", "tomorrow at 2:30 x", "2026-03-29T03:30")]
    [InlineData("2026-03-28T20:00", "in 1 day x", "2026-03-29T20:00")]
    [InlineData("2026-03-29T01:30", "in 1 hour x", "2026-03-29T03:30")]
    [InlineData("2026-10-24T20:00", "내일 9시 x", "2026-10-25T09:00")]
    public void Clocks_that_change_show_the_time_that_was_written(string now, string text, string local) =>
        Assert.Equal(local, Local(ReminderText.Read(text, Utc(now), Berlin)!.Value.DueAt));

    private static TimeZoneInfo Berlin => TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    private static DateTime Utc(string local) => TimeZoneInfo.ConvertTimeToUtc(DateTime.Parse(local, CultureInfo.InvariantCulture), Berlin);

    private static string Local(DateTime utc) => TimeZoneInfo.ConvertTimeFromUtc(utc, Berlin).ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);
}
