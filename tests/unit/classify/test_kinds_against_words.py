"""Papers whose matter speaks of another kind: what their heads show decides, the words alone do not."""

from __future__ import annotations

import pytest

from classify.kinds import classify
from classify.rules import load_rules
from tests.readings import reading

RULES = load_rules()
MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\n"
HEAD = (
    "ỦY BAN NHÂN DÂN          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nXÃ ĐÔNG LIỄU          Độc lập - Tự do - Hạnh phúc\n"
)
MARRIAGE = """
Ngày 12/3/2026, bà Lê Thị Tư nộp hồ sơ đề nghị cấp Giấy xác nhận tình trạng hôn nhân để đăng ký kết hôn.
Theo lời khai, trong thời gian từ ngày 05/4/2012 đến ngày 20/9/2018 bà đăng ký thường trú tại xã Phú Khê.
Căn cứ quy định về đăng ký hộ tịch, người yêu cầu xác nhận tình trạng hôn nhân đã qua nhiều nơi cư trú khác nhau
có trách nhiệm chứng minh về tình trạng hôn nhân của mình; trường hợp không chứng minh được thì công chức tư pháp
hộ tịch đề nghị nơi cư trú trước đây kiểm tra, xác minh. Đề nghị cho biết trong thời gian cư trú tại địa phương,
bà Lê Thị Tư đã đăng ký kết hôn với ai chưa. Giấy xác nhận tình trạng hôn nhân này được sử dụng để kết hôn.
Họ, chữ đệm, tên: LÊ THỊ TƯ. Ngày, tháng, năm sinh: 01/02/1990. Dân tộc: Kinh. Quốc tịch: Việt Nam. Nơi cư trú:
thôn Hạ, xã Đông Liễu. Giấy tờ tùy thân: căn cước công dân. Tình trạng hôn nhân: hiện tại chưa đăng ký kết hôn với ai.
"""
DECIDED = """
Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;
Căn cứ Nghị định của Chính phủ quy định chuẩn nghèo đa chiều;
Căn cứ Quyết định số 819/QĐ-UBND ngày 11/08/2025 của Ủy ban nhân dân xã về việc công nhận kết quả rà soát;
Xét đề nghị của công chức Văn hóa - Xã hội,
Điều 1. Hộ gia đình ông Lê Văn Ba, thường trú tại thôn Thượng Cát, có tên trong danh sách kèm theo Quyết định.
Điều 2. Giấy này có giá trị đến hết ngày 31 tháng 12 và chịu trách nhiệm thi hành Quyết định này.
Điều 3. Văn phòng Ủy ban nhân dân xã và các ông (bà) có tên tại Điều 1 chịu trách nhiệm thi hành Quyết định này.
Nơi nhận: Như Điều 3; Lưu: VT. TM. ỦY BAN NHÂN DÂN CHỦ TỊCH
"""


@pytest.mark.parametrize("number", ["Số: 64/UBND-VHXH", "Số: 64UBND-VHXH", "Số: 64/2026/UBND-TP"])
@pytest.mark.parametrize("about", ["V/v xác minh tình trạng", "_VW xác minh tình trạng", "V/ xác minh tình trạng"])
def test_a_letter_is_no_paper_that_it_asks_about(number: str, about: str) -> None:
    """Number, "V/v" and an addressee, and no title: a letter, whatever its matter."""
    text = f"{HEAD}{number}\n{about}\n\nKính gửi: Ủy ban nhân dân xã Phú Khê\n{MARRIAGE}"
    assert classify([reading(text)], RULES).kind == "CONG_VAN"


def test_words_still_name_a_paper_that_has_lost_its_title() -> None:
    """The same words under nothing that says letter."""
    assert classify([reading(MOTTO + MARRIAGE)], RULES).kind == "XAC_NHAN_TINH_TRANG_HON_NHAN"


@pytest.mark.parametrize("title", ["GIẤY CHỨNG NHẬN\nHỘ NGHÈO, HỘ CẬN NGHÈO", "THẺ HỘI VIÊN DANH DỰ", "BẢNG CHẤM ĐIỂM"])
def test_a_paper_that_rests_on_a_decision_is_none(title: str) -> None:
    """Types of administrative documents name themselves: another title, read well, is another paper."""
    assert classify([reading(f"{MOTTO}{title}\n{DECIDED}")], RULES).kind == "KHAC"


def test_a_bent_title_of_a_decision_is_still_one() -> None:
    """What only looks like the type's name does not speak against it."""
    assert classify([reading(f"{MOTTO}QUYÊÍT ĐLNH\n{DECIDED}")], RULES).kind == "QUYET_DINH"
